import { join } from 'node:path';

import { event, ManualClock } from '@mobkit/contract-kit';
import type { IngestStats } from '@mobkit/core';
import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
} from 'fast-check';
import { expect, it } from 'vitest';

import { createEventIngestion, openEventSpool } from '@mobkit/event-log';
import { type Answer, openFlakyStore, refusal } from '../test/flaky-store.js';
import { rest, start } from '../test/start.js';
import { temporaryDirectory } from '../test/temporary-directory.js';
import { until } from '../test/until.js';

type Step =
  | { readonly do: 'ingest'; readonly count: number; readonly kind: 'bad' | 'noise' | 'plain' | 'same' }
  | { readonly do: 'answer'; readonly answer: Answer }
  | { readonly do: 'flush'; readonly deadlineMs: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'close'; readonly deadlineMs: number };

const ingest = record({
  do: constant('ingest' as const),
  count: oneof(integer({ min: 1, max: 5 }), constantFrom(600, 5000)),
  kind: constantFrom('plain', 'plain', 'noise', 'same', 'bad'),
});

const answer = record({
  do: constant('answer' as const),
  answer: constantFrom<Answer>('store', 'store', 'fail', 'lose', refusal()),
});

const step: Arbitrary<Step> = oneof(
  { weight: 15, arbitrary: ingest },
  { weight: 24, arbitrary: answer },
  { weight: 9, arbitrary: record({ do: constant('pass' as const), ms: nat(6000) }) },
  { weight: 3, arbitrary: record({ do: constant('flush' as const), deadlineMs: nat(500) }) },
  { weight: 1, arbitrary: record({ do: constant('close' as const), deadlineMs: nat(3000) }) },
);

function accounted({ persisted, duplicate, filtered, spilled, buffered, dropped }: IngestStats): number {
  const { overflow, refused, corrupt, closed } = dropped;
  return persisted + duplicate + filtered + spilled + buffered + overflow + refused + corrupt + closed;
}

/** The `n`th event given: with a number as its id, or in kind `same` with that of the `repeats`th before it. */
function nth(n: number, kind: string, repeats: number) {
  const id = String(n - repeats).padStart(8, '0');
  const payload = kind === 'bad' && n % 7 === 0 ? 1n : null;
  const eventType = kind === 'noise' ? 'noise' : 'said';
  return event(id, { timestampMs: n, event: { kind: 'module', module: 'm', eventType, payload } });
}

it('[log.equation] accounts for every event at every moment, and keeps order, whatever happens', async () => {
  const runs = asyncProperty(array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
    const filter = ({ eventType }: { readonly eventType: string }) => eventType !== 'noise';
    const { store, clock, ingestion, pass } = await start({ batchSize: 8, filter });
    store.otherwise = 'hold';
    let given = 0;
    let repeated = 0;
    const check = () => {
      const stats = ingestion.stats();
      expect(accounted(stats)).toBe(stats.accepted);
      expect(stats.accepted).toBe(given);
      expect(stats.buffered).toBeLessThanOrEqual(4096);
    };
    for (const now of steps) {
      if (now.do === 'pass') await pass(now.ms);
      else if (now.do === 'answer') store.release(now.answer);
      else if (now.do === 'flush') void ingestion.flush(now);
      else if (now.do === 'close') void ingestion.close(now);
      else {
        for (let n = 0; n < now.count; n++) {
          const repeats = now.kind === 'same' ? n % 5 : 0;
          if (repeats > 0) repeated++;
          ingestion.ingest(nth(given++, now.kind, repeats));
        }
      }
      check();
      await rest();
      check();
    }
    // The log is well again: everything comes to its end.
    store.otherwise = 'store';
    store.release();
    const closing = ingestion.close();
    await rest();
    await pass(10_000);
    const { persisted, buffered, dropped } = await closing;
    check();
    expect(buffered).toBe(0);
    expect(clock.waiting).toBe(0);
    const kept = (await store.ids()).filter((id) => !id.startsWith('gap-'));
    expect(kept).toEqual(kept.toSorted());
    // More than counted: what an append had stored when its event was dropped before the answer came. Fewer: an id given
    // again, and again in an append that failed, counts as persisted though it was there before.
    expect(kept.length).toBeLessThanOrEqual(persisted + dropped.overflow + dropped.closed);
    expect(kept.length).toBeGreaterThanOrEqual(persisted - repeated);
  });
  await assert(runs, { numRuns: 80 });
});

it('[log.equation-spool] accounts for every event over a spool too, over restarts and crashes', async () => {
  const crash = record({ do: constant('crash' as const) });
  const steps = array(oneof({ weight: 52, arbitrary: step }, { weight: 3, arbitrary: crash }), {
    minLength: 5,
    maxLength: 30,
  });
  const runs = asyncProperty(steps, async (todo) => {
    const directory = join(temporaryDirectory(), 'spool');
    const store = await openFlakyStore();
    store.otherwise = 'hold';
    let given = 0;
    let left = 0;
    let forgotten = 0;
    const open = async () => {
      // The disk's pace is not what is tested.
      const spool = await openEventSpool({ directory, fsync: 'never' });
      const clock = new ManualClock();
      return {
        spool,
        clock,
        ingestion: createEventIngestion({ store, spool, clock, batchSize: 8 }),
        given: 0,
      };
    };
    let now = await open();
    const check = () => {
      const stats = now.ingestion.stats();
      expect(accounted(stats)).toBe(stats.accepted + stats.recovered);
      expect(stats.accepted).toBe(now.given);
      expect(stats.recovered).toBe(now.spool.recovered);
      expect(stats.buffered).toBeLessThanOrEqual(4096);
      expect(stats.dropped.corrupt).toBe(0);
      expect(
        Math.min(stats.persisted, stats.duplicate, stats.spilled, stats.buffered),
      ).toBeGreaterThanOrEqual(0);
    };
    const end = async () => {
      store.release('fail');
      const closing = now.ingestion.close({ deadlineMs: 100 });
      now.clock.advance(100);
      const { dropped, spilled } = await closing;
      check();
      await now.spool.close();
      left += dropped.closed;
      return spilled;
    };
    for (const one of todo) {
      if (one.do === 'crash') {
        // What is in memory goes; what is in the spool stays.
        const spilled = await end();
        now = await open();
        forgotten += spilled - now.spool.recovered;
      } else if (one.do === 'pass') {
        now.clock.advance(one.ms);
        await rest();
      } else if (one.do === 'answer') store.release(one.answer);
      else if (one.do === 'flush') void now.ingestion.flush(one);
      else if (one.do === 'ingest') {
        for (let n = 0; n < one.count; n++) {
          now.ingestion.ingest(nth(given++, one.kind, 0));
          now.given++;
        }
      }
      check();
      await rest();
      check();
    }
    store.otherwise = 'store';
    store.release('fail');
    await until(() => {
      now.clock.advance(5_000);
      store.release('store');
      check();
      const { spilled, buffered } = now.ingestion.stats();
      return spilled + buffered === 0;
    });
    await end();
    expect({ left, forgotten }).toEqual({ left: 0, forgotten: 0 });
    const ids = (await store.ids()).filter((id) => !id.startsWith('gap-'));
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });
  await assert(runs, { numRuns: 40 });
});
