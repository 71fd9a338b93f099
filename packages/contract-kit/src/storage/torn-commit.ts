import type { Storage } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given, unlessKillable } from '../chapter.js';
import { KILL_TIMEOUT_MS, killAtRandom, KILLS } from '../child/kill-at-random.js';
import { idsOf } from '../child/work.js';
import { testLog, testRecords } from '../makers.js';
import { readAll } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const tornCommitChapter: Chapter<StorageStore> = {
  name: 'torn-commit',
  notFor: unlessKillable,
  tests,
};

function tests({ child, restart }: Given<StorageStore>): void {
  it(
    '[store.torn-commit] shows no part of a commit whose process was killed in it',
    async () => {
      for (let round = 0, next = 0; round < KILLS; round++) {
        const writer = await child({ kind: 'commits', writer: 'w', from: next });
        const acknowledged = await killAtRandom(writer, next);
        const { storage } = await restart();
        const { step, ...kept } = await keptOf(storage);
        // The commit on its way is there, or it is not.
        expect([acknowledged, acknowledged + 1]).toContain(step);
        expect(kept).toEqual(whatCommitsLeave(step));
        next = step + 1;
      }
    },
    KILL_TIMEOUT_MS,
  );
}

/** What is kept at a moment: a server may store the commit on its way while it is read, although its process is gone. */
async function keptOf(storage: Storage) {
  const dataOf = async () => (await storage.records(testRecords).get('step'))?.data;
  for (;;) {
    const data = await dataOf();
    const kept = await readKept(storage);
    if ((await dataOf()) === data) return { step: Number(data), ...kept };
  }
}

async function readKept(storage: Storage) {
  const { records } = await storage.records(testRecords).list({});
  const idsIn = async (partition: string) =>
    (await readAll(storage.log(testLog, partition))).map(({ id }) => id);
  return {
    records: records.map(({ key, data }) => [key, data]),
    one: await idsIn('one'),
    two: await idsIn('two'),
  };
}

function whatCommitsLeave(step: number): Awaited<ReturnType<typeof readKept>> {
  const steps = Array.from({ length: step + 1 }, (_, at) => idsOf('w', at));
  return {
    records: [
      ['step', `${step}`],
      [`token ${step}`, `${step}`],
    ],
    one: steps.flat(),
    two: steps.flatMap((ids) => ids.slice(1)),
  };
}
