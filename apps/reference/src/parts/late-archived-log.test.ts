import { setImmediate as turn } from 'node:timers/promises';

import { event, ManualClock } from '@mobkit/contract-kit';
import { type ErrorEvent, type EventArchive, eventArchiveOver } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

import { LateArchivedLog } from './late-archived-log.js';

/** A log whose archive gives no answer until it is told to. */
async function silent() {
  const { eventLog: primary } = await openMemoryStores();
  const archive = await eventArchiveOver((await openMemoryStores()).storage);
  const clock = new ManualClock(1_000_000);
  const told: ErrorEvent[] = [];
  let answer = () => {};
  const answers = new Promise<void>((resolve) => (answer = resolve));
  const late: EventArchive = {
    ...archive,
    bounds: async () => {
      await answers;
      return archive.bounds();
    },
  };
  const opening = LateArchivedLog.open({
    primary,
    archive: late,
    clock,
    onError: (one) => void told.push(one),
  });
  return { archive, primary, clock, told, answer, opening };
}

async function turns(): Promise<void> {
  for (let at = 0; at < 20; at++) await turn();
}

it('[archive.start-silent] starts although the archive gives no answer, and archives once it does', async () => {
  const { archive, clock, told, answer, opening } = await silent();
  await turns();
  clock.advance(5_000);
  const log = await opening;
  await log.appendBatch([event('a')]);
  expect(told.map(({ category }) => category)).toEqual(['event_archive_failure']);
  answer();
  await turns();
  expect(told.map(({ category }) => category)).toEqual(['event_archive_failure', 'event_archive_recovered']);
  expect((await archive.bounds()).lastSeq).toBe(1);
  await log.close(0);
});

it('[archive.status-late] says since when and why an archive was never reached, and how it goes once it was', async () => {
  const { clock, answer, opening } = await silent();
  await turns();
  clock.advance(5_000);
  const log = await opening;
  await log.appendBatch([event('a')]);
  expect(await log.archiveStatus()).toEqual({
    lastSeq: 1,
    refused: 0,
    failing: { sinceMs: 1_005_000, error: 'no answer within 5000 ms' },
  });
  answer();
  await turns();
  expect(await log.archiveStatus()).toMatchObject({ archivedTo: 1, behind: 0, behindMs: 0 });
  expect(await log.archiveStatus()).not.toHaveProperty('failing');
  await log.close(0);
});

it('[archive.closed-late] ships nothing when the archive answers after the log was closed', async () => {
  const { archive, primary, clock, answer, opening } = await silent();
  await turns();
  clock.advance(5_000);
  const log = await opening;
  const closing = log.close(2_000);
  await turns();
  clock.advance(2_000);
  await closing;
  await primary.appendBatch([event('a')]);
  answer();
  await turns();
  await primary.appendBatch([event('b')]);
  await turns();
  expect([(await archive.bounds()).lastSeq, log.archived, clock.waiting]).toEqual([0, undefined, 0]);
});
