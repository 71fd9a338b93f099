import { setImmediate as turn } from 'node:timers/promises';

import { describeEventLogStore, event, ManualClock, unavailable } from '@mobkit/contract-kit';
import { type ErrorEvent, type EventArchive, eventArchiveOver, type EventLogStore } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';
import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';

import {
  type ArchivedEventLog,
  archivedEventLog,
  type ArchivedEventLogOptions,
} from './archived-event-log.js';

const CLOSE = { deadlineMs: 1_000 };

/** A primary and an archive, both in memory, and what can go wrong with the archive. */
async function tiers() {
  const { eventLog: primary } = await openMemoryStores();
  const archive = await eventArchiveOver((await openMemoryStores()).storage);
  const clock = new ManualClock(1_000_000);
  const told: ErrorEvent[] = [];
  const onError = (error: ErrorEvent) => void told.push(error);
  const open = async (given: Partial<ArchivedEventLogOptions> = {}) => {
    const log = await archivedEventLog({ primary, archive, clock, onError, ...given });
    onTestFinished(async () => void (await log.close({ deadlineMs: 0 })));
    return log;
  };
  return { primary, archive, clock, told, open };
}

function numbered(from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, at) => event(`e${from + at}`, { timestampMs: from + at }));
}

async function shipped(log: ArchivedEventLog): Promise<void> {
  while ((await log.lag()).behind > 0) await turn();
  // What it prunes comes after.
  for (let turns = 0; turns < 5; turns++) await turn();
}

async function seqs(log: Pick<EventLogStore, 'query'>, query: Parameters<EventLogStore['query']>[0]) {
  return (await log.query(query)).events.map(({ seq }) => seq);
}

describeEventLogStore({
  name: 'archived',
  async open() {
    const { primary, archive } = await tiers();
    const eventLog = await archivedEventLog({ primary, archive, hot: { events: 0 } });
    return { eventLog, close: async () => void (await eventLog.close({ deadlineMs: 0 })) };
  },
});

it('[archive.ships] brings what is appended into the archive as it is, in order, and keeps the newest', async () => {
  const { primary, archive, open } = await tiers();
  const log = await open({ hot: { events: 10 }, batchSize: 7 });
  await log.appendBatch(numbered(1, 30));
  await log.appendBatch(numbered(31, 50));
  await shipped(log);
  expect(await log.lag()).toEqual({ archivedTo: 50, lastSeq: 50, behind: 0 });
  expect(await seqs(archive, { afterSeq: 0 })).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
  expect(await seqs(primary, { afterSeq: 0 })).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49, 50]);
  expect(await log.query({ limit: 0 })).toMatchObject({ firstSeq: 1, lastSeq: 50 });
});

it('[archive.hot-age] prunes what is old by the clock, also when nothing is appended', async () => {
  const { primary, clock, open } = await tiers();
  const log = await open({ hot: { ms: 60_000 } });
  await log.appendBatch([event('a', { timestampMs: clock.now() })]);
  await shipped(log);
  expect(await seqs(primary, {})).toEqual([1]);
  clock.advance(60_001);
  while ((await seqs(primary, {})).length > 0) await turn();
  expect(await seqs(log, { afterSeq: 0 })).toEqual([1]);
});

it('[archive.seam] misses and repeats nothing across the seam, read by pages from either end', async () => {
  const command = fc.oneof(
    fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ do: fc.constant('prune' as const), keep: fc.integer({ min: 0, max: 12 }) }),
    fc.record({ do: fc.constant('ship' as const) }),
    fc.record({
      do: fc.constant('read' as const),
      limit: fc.integer({ min: 1, max: 6 }),
      even: fc.boolean(),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
      const { primary, archive, open } = await tiers();
      // The test ships, and when is a part of what varies.
      const slow: EventArchive = { ...archive, put: () => Promise.reject(unavailable()) };
      const log = await open({ archive: slow, batchSize: 4 });
      let last = 0;
      for (const one of commands) {
        if (one.do === 'append') {
          const events = numbered(last + 1, last + one.count);
          await log.appendBatch(
            events.map((each, at) => ({ ...each, identity: (last + at) % 2 === 0 ? 'odd' : 'even' })),
          );
          last += one.count;
        } else if (one.do === 'ship') {
          const page = await primary.query({ afterSeq: (await archive.bounds()).lastSeq, limit: 1_000 });
          await archive.put(page.events);
        } else if (one.do === 'prune') {
          await primary.prune?.({ keep: one.keep, seq: (await archive.bounds()).lastSeq + 1 });
        } else {
          await expectRead(log, last, one);
        }
      }
      await log.close({ deadlineMs: 0 });
    }),
    { numRuns: 150 },
  );
});

/** Reads events 1 to `last`, or the even ones, by pages and the newest page. */
async function expectRead(
  log: EventLogStore,
  last: number,
  { limit, even }: { readonly limit: number; readonly even: boolean },
): Promise<void> {
  const all = Array.from({ length: last }, (_, at) => at + 1).filter((n) => !even || n % 2 === 0);
  const where = even ? { identity: 'even' } : {};
  expect(await forward(log, limit, where)).toEqual(all);
  const page = await log.query({ ...where, limit });
  expect(page.events.map(({ seq }) => seq)).toEqual(all.slice(-limit));
  expect(page).toMatchObject({ more: all.length > limit, firstSeq: 1, lastSeq: last });
}

/** Every seq, read from the beginning by pages as a reader would. */
async function forward(log: EventLogStore, limit: number, where: object): Promise<readonly number[]> {
  const found: number[] = [];
  for (let afterSeq = 0; ;) {
    const page = await log.query({ ...where, afterSeq, limit });
    expect(page.firstSeq).toBe(1);
    found.push(...page.events.map(({ seq }) => seq));
    afterSeq = page.scannedTo;
    if (!page.more) return found;
  }
}

it('[archive.outage] lets events wait while the archive is down, says so once, and loses and doubles none', async () => {
  const { primary, archive, clock, told, open } = await tiers();
  const log = await open({ hot: { events: 0 }, batchSize: 3 });
  await log.appendBatch(numbered(1, 5));
  await shipped(log);
  let answers = 0;
  const put = archive.put.bind(archive);
  archive.put = async (events) => {
    answers += 1;
    // Every second one is kept, and its answer lost.
    if (answers % 2 === 0) await put(events);
    throw unavailable();
  };
  await log.appendBatch(numbered(6, 20));
  for (let round = 0; round < 4; round++) {
    await turn();
    clock.advance(5_000);
  }
  const { failing, behind } = await log.lag();
  expect({ behind: behind > 0, failing: failing?.sinceMs }).toEqual({ behind: true, failing: 1_000_000 });
  expect((await primary.query({ limit: 0 })).lastSeq).toBe(20);
  archive.put = put;
  while ((await log.lag()).behind > 0) {
    clock.advance(5_000);
    await turn();
  }
  expect(told.map(({ category }) => category)).toEqual(['event_archive_failure', 'event_archive_recovered']);
  expect(await seqs(archive, { afterSeq: 0 })).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  expect((await log.lag()).failing).toBeUndefined();
});

it('[archive.live] answers whoever reads what is new while the archive is down', async () => {
  const { archive, open } = await tiers();
  const log = await open({ hot: { events: 2 } });
  await log.appendBatch(numbered(1, 9));
  await shipped(log);
  const down = () => Promise.reject(unavailable());
  Object.assign(archive, { query: down, bounds: down, put: down });
  await log.appendBatch(numbered(10, 11));
  expect(await seqs(log, { afterSeq: 9 })).toEqual([10, 11]);
  expect(await seqs(log, { limit: 2 })).toEqual([10, 11]);
  await expect(log.query({ afterSeq: 0 })).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
});

it('[archive.live-silent] does not wait for an archive that never answers where it is not needed', async () => {
  const { archive, open } = await tiers();
  const log = await open({ hot: { events: 2 } });
  await log.appendBatch(numbered(1, 9));
  await shipped(log);
  const silent = () => new Promise<never>(() => {});
  Object.assign(archive, { query: silent, bounds: silent, put: silent });
  await log.appendBatch(numbered(10, 11));
  expect(await log.query({ afterSeq: 9 })).toMatchObject({ firstSeq: 1, lastSeq: 11 });
});

it('[archive.resumes] goes on where the archive ends, also with what was appended while nobody shipped', async () => {
  const { primary, archive, open } = await tiers();
  const first = await open();
  await first.appendBatch(numbered(1, 4));
  expect(await first.close(CLOSE)).toEqual({ behind: 0 });
  await primary.appendBatch(numbered(5, 9));
  expect((await archive.bounds()).lastSeq).toBe(4);
  const again = await open();
  await shipped(again);
  expect(await seqs(archive, { afterSeq: 0 })).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('[archive.two] lets two processes ship the same log, each event once', async () => {
  const { archive, told, clock, open } = await tiers();
  const [one, other] = [await open({ batchSize: 3 }), await open({ batchSize: 5 })];
  for (let from = 1; from < 100; from += 10) {
    await one.appendBatch(numbered(from, from + 9));
    await turn();
    clock.advance(100);
  }
  while ((await other.lag()).behind > 0) {
    clock.advance(100);
    await turn();
  }
  expect(await seqs(archive, { afterSeq: 0 })).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
  expect(told).toEqual([]);
});

it('[archive.close] ships what is left before it ends, gives up at the deadline, and leaves no timer', async () => {
  const { archive, clock, open } = await tiers();
  const log = await open({ batchSize: 2 });
  await log.appendBatch(numbered(1, 9));
  expect(await log.close(CLOSE)).toEqual({ behind: 0 });
  const again = await open();
  archive.put = () => Promise.reject(unavailable());
  await again.appendBatch(numbered(10, 12));
  let behind: number | undefined;
  const closing = again.close({ deadlineMs: 20_000 }).then((left) => ({ behind } = left));
  while (behind === undefined) {
    clock.advance(100);
    await turn();
  }
  await closing;
  expect({ behind, timers: clock.waiting }).toEqual({ behind: 3, timers: 0 });
});

it('[archive.close-silent] ends although the archive never answers', async () => {
  const { archive, clock, open } = await tiers();
  const log = await open();
  const silent = () => new Promise<never>(() => {});
  Object.assign(archive, { query: silent, bounds: silent, put: silent });
  await log.appendBatch(numbered(1, 3));
  let left: { readonly behind: number | undefined } | undefined;
  void log.close({ deadlineMs: 2_000 }).then((closed) => (left = closed));
  for (let round = 0; round < 40; round++) {
    await turn();
    clock.advance(100);
  }
  expect({ left, timers: clock.waiting }).toEqual({ left: { behind: 3 }, timers: 0 });
});

it('[archive.status] tells how many events wait, since when and why, and asks the archive nothing', async () => {
  const { primary, archive, clock, open } = await tiers();
  const log = await open();
  expect(await log.archiveStatus()).toEqual({
    archivedTo: 0,
    lastSeq: 0,
    behind: 0,
    behindMs: 0,
    refused: 0,
  });
  await log.appendBatch(numbered(1, 3));
  await shipped(log);
  const silent = () => new Promise<never>(() => {});
  Object.assign(archive, {
    query: silent,
    bounds: silent,
    put: () => Promise.reject(unavailable()),
  });
  await log.appendBatch([event('late', { timestampMs: clock.now() - 5_000 }), event('later')]);
  for (let turns = 0; turns < 10; turns++) await turn();
  clock.advance(1_000);
  expect(await log.archiveStatus()).toMatchObject({
    archivedTo: 3,
    lastSeq: 5,
    behind: 2,
    behindMs: 6_000,
    failing: { sinceMs: 1_000_000, error: unavailable().message },
  });
  // The log itself may be away, too.
  const query = primary.query.bind(primary);
  primary.query = () => Promise.reject(unavailable());
  expect(await log.archiveStatus()).toMatchObject({ archivedTo: 3, failing: { sinceMs: 1_000_000 } });
  primary.query = silent;
  const asked = log.archiveStatus();
  clock.advance(2_000);
  expect(await asked).not.toHaveProperty('behind');
  primary.query = query;
});

it('[archive.status] counts as waiting only what the log still has', async () => {
  const { primary, archive, open } = await tiers();
  await primary.appendBatch(numbered(1, 9));
  await primary.prune?.({ keep: 3 });
  Object.assign(archive, { put: () => Promise.reject(unavailable()) });
  const log = await open();
  const { behind } = await log.archiveStatus();
  expect([behind, (await log.lag()).behind, await log.close({ deadlineMs: 0 })]).toEqual([
    3,
    3,
    { behind: 3 },
  ]);
});

it('[archive.other-log] refuses an archive that is not of this log', async () => {
  const ahead = await tiers();
  await ahead.archive.put([{ ...event('x'), seq: 1 }]);
  await expect(ahead.open()).rejects.toMatchObject({ code: 'MOB_CONFLICT' });

  const different = await tiers();
  await different.primary.appendBatch(numbered(1, 3));
  await different.archive.put([{ ...event('x'), seq: 2 }]);
  await expect(different.open()).rejects.toThrow('different events under 2');

  const behind = await tiers();
  await behind.archive.put([{ ...event('e1', { timestampMs: 1 }), seq: 1 }]);
  await behind.primary.appendBatch(numbered(1, 5));
  await behind.primary.prune?.({ seq: 4 });
  await expect(behind.open()).rejects.toThrow('2 to 3 are in neither');
});

it('[archive.options] refuses options that cannot be meant', async () => {
  const { primary, open } = await tiers();
  await expect(open({ batchSize: 0 })).rejects.toThrow(TypeError);
  await expect(open({ hot: { events: -1 } })).rejects.toThrow(TypeError);
  const { prune: _, ...unpruned } = primary;
  await expect(open({ primary: unpruned, hot: { events: 1 } })).rejects.toThrow('cannot be pruned');
});
