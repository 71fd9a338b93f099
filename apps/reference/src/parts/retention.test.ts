import { event, ManualClock } from '@mobkit/contract-kit';
import { deadLetterKey, deadLettersOver, type EventLogStore, MobError } from '@mobkit/core';
import { assemble, tokens } from '@mobkit/di';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it, onTestFinished } from 'vitest';

import { deadLettersToken } from './dead-letters.js';
import type { Retention } from './prune-events.js';
import { retention } from './retention.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The part over a memory, with what it said; `settled` waits until it has done what it was woken for. */
async function started(bounds: Retention, given: (eventLog: EventLogStore) => EventLogStore = (log) => log) {
  const clock = new ManualClock(10 * DAY_MS);
  const { storage, eventLog } = await openMemoryStores();
  const deadLetters = await deadLettersOver(storage);
  const at = [1, 2, 8, 9];
  await eventLog.appendBatch(at.map((day) => event(`day-${day}`, { timestampMs: day * DAY_MS })));
  for (const day of at) {
    const key = deadLetterKey(day * DAY_MS, 'x');
    await deadLetters.put({ key, refusedAtMs: day * DAY_MS, error: 'no', event: '{}' });
  }
  const said: string[] = [];
  let tell = () => {};
  const next = () => new Promise<void>((resolve) => (tell = resolve));
  const say = (text: string) => {
    said.push(text);
    tell();
  };
  const { start, stop } = assemble([
    { name: 'log', register: (context) => context.provide(tokens.eventLogStore, () => given(eventLog)) },
    { name: 'dead', register: (context) => context.provide(deadLettersToken, () => deadLetters) },
    retention({ retention: bounds, onInfo: say, onWarning: say, clock }),
  ]);
  onTestFinished(stop);
  const first = next();
  await start();
  const kept = async () => ({
    seqs: (await eventLog.query({ afterSeq: 0 })).events.map(({ seq }) => seq),
    letters: (await deadLetters.list()).letters.length,
  });
  return { clock, eventLog, said, next, first, kept, stop };
}

/** Until it has set its timer. */
async function untilWaiting(clock: ManualClock): Promise<void> {
  while (clock.waiting === 0) await Promise.resolve();
}

it('[app.retention] removes events and dead letters that are too old, at start and then every hour', async () => {
  const { clock, said, first, next, kept } = await started({ days: 3 });
  await first;
  expect(said).toEqual(['Retention removed 2 events and 2 dead letters']);
  expect(await kept()).toEqual({ seqs: [3, 4], letters: 2 });
  const later = next();
  await untilWaiting(clock);
  clock.set(11 * DAY_MS);
  clock.advance(HOUR_MS);
  await later;
  expect(await kept()).toEqual({ seqs: [4], letters: 1 });
});

it('[app.retention] removes all but the newest events, and dead letters by their age alone', async () => {
  const { first, kept } = await started({ events: 1 });
  await first;
  expect(await kept()).toEqual({ seqs: [4], letters: 4 });
});

it('[app.retention] removes many in parts, so that others work in between', async () => {
  const parts: number[] = [];
  const { first, said } = await started({ events: 1 }, (eventLog) => ({
    ...eventLog,
    query: async () => ({
      events: [],
      firstSeq: 1 + parts.length * 2_000,
      lastSeq: 9_999,
      scannedTo: 0,
      more: false,
    }),
    prune: async ({ seq = 0 }) => parts.push(seq) && (parts.length < 3 ? 2_000 : 7),
  }));
  await first;
  expect(parts).toEqual([2_001, 4_001, 6_001]);
  expect(said).toEqual(['Retention removed 4007 events and 0 dead letters']);
});

it('[app.retention-failing] says once that nothing can be removed, and that it works again', async () => {
  let failing = true;
  let pruned = () => {};
  const { clock, said, first, next } = await started({ events: 4 }, (eventLog) => ({
    ...eventLog,
    prune: async (bounds) => {
      pruned();
      if (failing) throw new MobError('MOB_STORE_UNAVAILABLE', 'down');
      return (await eventLog.prune?.(bounds)) ?? 0;
    },
  }));
  await first;
  const second = new Promise<void>((resolve) => (pruned = resolve));
  await untilWaiting(clock);
  clock.advance(HOUR_MS);
  await second;
  await untilWaiting(clock);
  failing = false;
  const third = next();
  clock.advance(HOUR_MS);
  await third;
  expect(said).toEqual(['Retention could not remove old events: down', 'Retention works again']);
});

it('[app.retention-none] warns of an event log that lets nothing be removed', async () => {
  const { clock, said } = await started({ days: 1 }, ({ prune: _prune, ...eventLog }) => eventLog);
  expect(said).toEqual([expect.stringContaining('lets nothing be removed')]);
  expect(clock.waiting).toBe(0);
});

it('[app.retention] takes an age that is no whole number of milliseconds', async () => {
  const { first, kept } = await started({ days: 2.000_000_001 });
  await first;
  expect(await kept()).toEqual({ seqs: [3, 4], letters: 2 });
});

it('[app.retention] leaves no timer when it is stopped', async () => {
  const { clock, first, stop } = await started({ days: 3 });
  await first;
  await stop();
  expect(clock.waiting).toBe(0);
});
