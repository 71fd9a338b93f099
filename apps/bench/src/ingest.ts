import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { EventLogStore } from '@mobkit/core';
import { createEventIngestion } from '@mobkit/event-log';
import { openMemoryStores } from '@mobkit/store-memory';
import { openSqliteStores } from '@mobkit/store-sqlite';

import { alternate, ratio } from './alternate.js';
import type { Bench } from './bench.js';
import { benchEvent } from './events.js';
import { percentile } from './percentile.js';
import { scaled } from './scale.js';
import { inTemporaryDirectory } from './temporary-directory.js';

const EVENTS = 100_000;
const BURST = 16;
const REPEATS = 5;

/** What ingesting costs whoever calls it. */
export const ingest: Bench = {
  name: 'ingest',
  about: `${EVENTS} events of 300 B in bursts of ${BURST}, the loop turning in between`,
  async run(progress) {
    const count = scaled(EVENTS);
    const samples: Record<string, number[]> = {
      p99_us: [],
      dropped: [],
      wall_calls_per_s: [],
      persisted_per_s: [],
      sqlite_persisted_per_s: [],
      sqlite_stall_ms: [],
      memory_stall_ms: [],
    };
    const onMemory = async (measure: (log: EventLogStore) => Promise<number>) => {
      const { eventLog, close } = await openMemoryStores();
      const measured = await measure(eventLog);
      await close();
      return measured;
    };
    const contenders = [
      {
        name: 'calls_per_s',
        measure: () =>
          onMemory(async (log) => {
            const { callsPerS, wallCallsPerS, persistedPerS } = await bursts(log, count);
            samples['wall_calls_per_s']?.push(wallCallsPerS);
            samples['persisted_per_s']?.push(persistedPerS);
            return callsPerS;
          }),
      },
      { name: 'array_push_per_s', measure: () => pushes(count) },
      { name: 'await_append_per_s', measure: () => onMemory((log) => appendEach(log, count)) },
    ];
    Object.assign(samples, await alternate(contenders, scaled(REPEATS), progress));
    for (let repeat = 1; repeat <= scaled(REPEATS); repeat++) {
      progress(`${repeat} of ${scaled(REPEATS)}: each call, and the loop`);
      await onMemory(async (log) => {
        const { p99Us, dropped, stallMs } = await bursts(log, count, true);
        samples['p99_us']?.push(p99Us);
        samples['dropped']?.push(dropped);
        samples['memory_stall_ms']?.push(stallMs);
        return 0;
      });
      await inTemporaryDirectory(async (directory) => {
        const { eventLog, close } = await openSqliteStores({ directory });
        const { stallMs, persistedPerS } = await bursts(eventLog, count);
        samples['sqlite_stall_ms']?.push(stallMs);
        samples['sqlite_persisted_per_s']?.push(persistedPerS);
        await close();
      });
    }
    return {
      settings: { events: count, burst: BURST, repeats: scaled(REPEATS), timer_us: timerUs() },
      samples,
      ratios: {
        calls_vs_array_push: ratio(samples['calls_per_s'], samples['array_push_per_s']),
        calls_vs_await_append: ratio(samples['calls_per_s'], samples['await_append_per_s']),
      },
    };
  },
};

/**
 * Calls a second are of the time in the bursts, envelopes made there: what the caller pays. What the log costs comes
 * between them, and is in the wall rates: until the last call, and until everything is in the log. With `each` every call is timed by itself, the timer included, and the rate means nothing.
 */
async function bursts(store: EventLogStore, count: number, each = false) {
  const ingestion = createEventIngestion({ store });
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const calls: number[] = [];
  let inBurstsMs = 0;
  const beganMs = performance.now();
  for (let n = 0; n < count;) {
    const startedMs = performance.now();
    for (const end = Math.min(n + BURST, count); n < end; n++) {
      const event = benchEvent(n);
      if (!each) ingestion.ingest(event);
      else {
        const calledAt = process.hrtime.bigint();
        ingestion.ingest(event);
        calls.push(Number(process.hrtime.bigint() - calledAt));
      }
    }
    inBurstsMs += performance.now() - startedMs;
    await nextTurn();
  }
  const givenMs = performance.now() - beganMs;
  await ingestion.flush();
  const persistedMs = performance.now() - beganMs;
  delays.disable();
  const { persisted, dropped } = await ingestion.close();
  const lost = dropped.overflow + dropped.refused + dropped.corrupt + dropped.closed;
  if (persisted + lost !== count) throw new Error(`${persisted} of ${count} events were persisted`);
  return {
    callsPerS: count / (inBurstsMs / 1000),
    wallCallsPerS: count / (givenMs / 1000),
    persistedPerS: count / (persistedMs / 1000),
    p99Us: percentile(calls, 99) / 1000,
    dropped: lost,
    stallMs: delays.max / 1e6,
  };
}

/** The least anything can do with an event: put it into an array. In the same bursts, timed the same way. */
async function pushes(count: number): Promise<number> {
  const events = [];
  let inBurstsMs = 0;
  for (let n = 0; n < count;) {
    const startedMs = performance.now();
    for (const end = Math.min(n + BURST, count); n < end; n++) events.push(benchEvent(n));
    inBurstsMs += performance.now() - startedMs;
    await nextTurn();
  }
  return events.length / (inBurstsMs / 1000);
}

/** What somebody does without ingestion: wait for each append. */
async function appendEach(log: EventLogStore, count: number): Promise<number> {
  const few = Math.ceil(count / 10);
  const startedMs = performance.now();
  for (let n = 0; n < few; n++) await log.appendBatch([benchEvent(n)]);
  return few / ((performance.now() - startedMs) / 1000);
}

/** What timing a call adds to it. */
function timerUs(): number {
  const times = Array.from({ length: 10_000 }, () => {
    const from = process.hrtime.bigint();
    return Number(process.hrtime.bigint() - from) / 1000;
  });
  return Number(percentile(times, 50).toPrecision(3));
}
