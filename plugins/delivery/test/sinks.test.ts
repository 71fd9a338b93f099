import type { DeliveryMessage } from '@mobkit/core/ops';
import { createLogSink, createMemberSink } from '@mobkit/delivery';
import { expect, it } from 'vitest';

import { request } from './delivery-records.js';
import { fakeMob } from './fake-mob.js';

const context = { signal: new AbortController().signal, attempt: 1 };

function message(given: Partial<DeliveryMessage> = {}): DeliveryMessage {
  return { ...request(), deliveryId: 'd-1', ...given };
}

it('[delivery.sinks] writes a message as one line', async () => {
  const lines: string[] = [];
  const sink = createLogSink((line) => lines.push(line));
  await sink.deliver(message({ payload: { text: 'Checkout is down.\r\n  Since 10:02\u2028now' } }), context);
  expect([sink.name, lines]).toEqual([
    'log',
    ['lead to ops (notification): Checkout is down. Since 10:02 now'],
  ]);
});

it('[delivery.sinks] sends to the member inside the mob, in the same interaction, from who sent it', async () => {
  const { mob, sent } = fakeMob();
  const sink = createMemberSink(() => mob);
  await sink.deliver(message({ interactionId: 'i-1' }), context);
  expect([sink.name, sent]).toEqual([
    'mob_member',
    [
      {
        identity: 'ops',
        content: 'Checkout is down',
        options: { from: 'lead', internal: true, interactionId: 'i-1' },
      },
    ],
  ]);
});

it('lets the mob name the interaction when the message has none', async () => {
  const { mob, sent } = fakeMob();
  await createMemberSink(() => mob).deliver(message(), context);
  expect(sent[0]?.options).toEqual({ from: 'lead', internal: true });
});
