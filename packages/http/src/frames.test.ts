import type { StreamedEvent } from '@mobkit/runtime';
import { expect, it } from 'vitest';

import { agentFrame, mobFrame } from './frames.js';

const event: StreamedEvent = {
  id: 'evt-1',
  timestampMs: 1,
  memberId: 'lead:0',
  identity: 'lead',
  stream: { epoch: 1, n: 2, agentN: 1 },
  event: {
    kind: 'agent',
    agentId: 'lead:0',
    eventType: 'odd\ntype',
    payload: { type: 'odd', a: '\n\u2028' },
  },
};
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

it('[http.serialised-once] makes the frame of an event once, however many clients it goes to', () => {
  expect(mobFrame(event)).toBe(mobFrame(event));
  expect(agentFrame(event)).toBe(agentFrame(event));
  expect(mobFrame({ ...event })).not.toBe(mobFrame(event));
});

it('lets no name break out of its line', () => {
  expect(textOf(agentFrame(event))).toBe(
    'id: lead:1.1\nevent: odd type\ndata: {"type":"odd","a":"\\n\u2028"}\n\n',
  );
});

it('[http.agent-interaction] says in the stream of an agent which interaction an event belongs to', () => {
  const dataOf = (given: StreamedEvent) => {
    const [, data = ''] = /^data: (.*)$/m.exec(textOf(agentFrame(given))) ?? [];
    return JSON.parse(data) as unknown;
  };
  const payload = { type: 'run_completed', usage: { input_tokens: 1 } };
  const agent = { kind: 'agent', agentId: 'lead:0', eventType: 'run_completed' } as const;
  const of = (own: object) => ({ ...event, interactionId: 'i-1', event: { ...agent, payload: own } });
  expect(dataOf(of(payload))).toEqual({ ...payload, interaction_id: 'i-1' });
  expect(dataOf(of({ ...payload, interaction_id: 'own' }))).toMatchObject({ interaction_id: 'own' });
  expect(dataOf(of({}))).toEqual({});
});
