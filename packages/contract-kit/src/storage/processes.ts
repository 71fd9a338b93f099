import { expect, it } from 'vitest';

import { type Chapter, type Given, unlessShared } from '../chapter.js';
import { idsOf } from '../child/work.js';
import { claimAll } from '../claim-all.js';
import { expectNoLoss, take } from '../concurrent-appenders.js';
import { testLog, testRecords } from '../makers.js';
import { tail } from '@mobkit/core';
import type { StorageStore } from './storage-store.js';

export const processesChapter: Chapter<StorageStore> = { name: 'processes', notFor: unlessShared, tests };

const TIMEOUT_MS = 60_000;

function tests({ harness, store, another, child }: Given<StorageStore>): void {
  it('loses, doubles and reorders nothing under several processes', async () => {
    const others = await Promise.all([another(), another()]);
    const logs = others.map(({ storage }) => storage.log(testLog));
    await expectNoLoss([store().storage.log(testLog), ...logs]);
  });

  it('hands each of 200 due records to one of the claimers of several processes', async () => {
    const all = [store(), await another(), await another()].map(({ storage }) =>
      storage.records(testRecords),
    );
    const keys = Array.from({ length: 200 }, (_, n) => `${1_000 + n}`);
    const write = { records: testRecords, record: { data: '0', dueAtMs: 1 } };
    await store().storage.commit({ puts: keys.map((key) => ({ ...write, key })) });
    const claimed = await Promise.all([...all, ...all].map((records, n) => claimAll(records, `owner ${n}`)));
    expect(claimed.flat().toSorted()).toEqual(keys);
  });

  if (!harness.child) return;
  it(
    '[store.processes] loses, doubles and reorders nothing of what other processes append, for a reader that follows',
    async () => {
      const writers = ['one', 'two'];
      const steps = Array.from({ length: 20 }, (_, n) => n);
      const wanted = writers.map((writer) => steps.flatMap((step) => idsOf(writer, step)));
      const reading = take(tail(store().storage.log(testLog), { afterSeq: 0 }), wanted.flat().length);
      const starting = writers.map((writer) => child({ kind: 'entries', writer, from: 0, to: steps.length }));
      for (const one of await Promise.all(starting)) await one.ended();
      const read = await reading;
      expect(read.map(({ seq }) => seq)).toEqual(read.map((_, at) => at + 1));
      for (const [at, writer] of writers.entries()) {
        expect(read.map(({ id }) => id).filter((id) => id.startsWith(`${writer}:`))).toEqual(wanted[at]);
      }
    },
    TIMEOUT_MS,
  );
}
