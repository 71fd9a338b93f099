import { ManualClock, unavailable } from '@mobkit/contract-kit';
import type { Storage } from '@mobkit/core';
import { createEmailSink } from '@mobkit/delivery';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { request, resolution } from './delivery-records.js';
import { letPass, openStage, settle } from './delivery-stage.js';
import { startMailServer } from './mail-server.js';
import { overRecords } from './over-records.js';

/** A storage that makes the first put, and loses its answer. */
function losingOneAnswer(inner: Storage): Storage {
  let lost = false;
  return overRecords(inner, (records) => ({
    async put(...given) {
      const version = await records.put(...given);
      if (lost) return version;
      lost = true;
      throw unavailable();
    },
  }));
}

it('[delivery.end-told] tells of an outcome that was kept, also when the answer of the store was lost', async () => {
  const storage = losingOneAnswer((await openMemoryStores()).storage);
  const { delivery, clock, told } = await openStage({ storage });
  expect(await letPass(clock, delivery.send(request()))).toMatchObject({ status: 'sent' });
  expect(told.map(({ event }) => event)).toMatchObject([{ eventType: 'send', payload: { status: 'sent' } }]);
});

it('[sinks.email-silent] tries a mail server again that never says a word', async () => {
  const clock = new ManualClock(7_000);
  let connected = false;
  // Its greeting is never written.
  const { port } = await startMailServer({ onConnect: () => void (connected = true) });
  const from = 'mob@example.com';
  const sinks = [createEmailSink({ host: '127.0.0.1', port, encryption: 'none', from, clock })];
  const { delivery } = await openStage({ clock, sinks: () => sinks });
  const to = resolution({ recipient: 'ops@example.org', sink: 'email', backoffMs: 60_000 });
  const sending = delivery.send(request({ resolution: to }));
  while (!connected) await settle();
  // The sink is given 30 seconds: it has to know before.
  clock.advance(25_000);
  for (let turn = 0; turn < 10; turn++) await settle();
  clock.advance(5_000);
  await sending;
  const [kept] = await delivery.history();
  expect(kept).toMatchObject({ status: 'pending', attempts: [{ status: 'transient_failure' }] });
});
