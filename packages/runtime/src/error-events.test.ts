import { setImmediate as turn } from 'node:timers/promises';

import { ManualClock } from '@mobkit/contract-kit';
import type { ErrorEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { ErrorEvents, type HostErrorHook } from './error-events.js';

const failure = (error: string): ErrorEvent => ({ category: 'store_failure', error });

function open(hook: HostErrorHook) {
  const clock = new ManualClock(0);
  return { clock, events: new ErrorEvents({ hook, clock, timeoutMs: 30_000 }) };
}

it('[runtime.error-events] tells one after the other, in order, also what the hook itself tells of', async () => {
  const told: string[] = [];
  const finish: (() => void)[] = [];
  const { clock, events } = open((event) => {
    told.push((event as { error: string }).error);
    if (told.length === 1) events.tell(failure('of the hook'));
    return new Promise((resolve) => finish.push(resolve));
  });
  events.tell(failure('a'));
  events.tell(failure('b'));
  expect(told).toEqual(['a']);
  for (let at = 0; at < 3; at += 1) {
    finish[at]?.();
    await turn();
  }
  await events.settled();
  expect(told).toEqual(['a', 'of the hook', 'b']);
  expect(events.stats).toEqual({ delivered: 3, failed: 0, dropped: 0 });
  expect(events.complaints).toEqual([]);
  expect(clock.waiting).toBe(0);
});

it('[runtime.error-events] calls a hook that answers at once before whoever tells goes on', () => {
  const told: ErrorEvent[] = [];
  const { events } = open((event) => void told.push(event));
  events.tell(failure('a'));
  events.tell(failure('b'));
  expect(told).toEqual([failure('a'), failure('b')]);
});

it('[runtime.error-hook-fails] counts a hook that throws, rejects or hangs, and goes on to the next event', async () => {
  const told: string[] = [];
  const { clock, events } = open((event) => {
    const { error } = event as { error: string };
    told.push(error);
    if (error === 'throw') throw new Error('thrown');
    if (error === 'reject') return Promise.reject(new Error('rejected'));
    return error === 'hang' ? new Promise(() => {}) : undefined;
  });
  for (const error of ['throw', 'reject', 'hang', 'fine']) events.tell(failure(error));
  await turn();
  expect(told).toEqual(['throw', 'reject', 'hang']);
  clock.advance(30_000);
  await events.settled();
  expect(told).toEqual(['throw', 'reject', 'hang', 'fine']);
  expect(events.stats).toEqual({ delivered: 1, failed: 3, dropped: 0 });
  expect(events.complaints).toEqual(['The error hook failed 3 times, the last: no answer after 30000 ms']);
  expect(clock.waiting).toBe(0);
});

it('[runtime.error-hook-behind] keeps a thousand events for a hook that is behind, and counts the rest', async () => {
  let finish = () => {};
  let told = 0;
  const { events } = open(() => {
    told += 1;
    return told === 1 ? new Promise((resolve) => (finish = resolve)) : undefined;
  });
  for (let at = 0; at < 1_100; at += 1) events.tell(failure(String(at)));
  finish();
  await events.settled();
  expect(told).toBe(1_024);
  expect(events.stats).toEqual({ delivered: 1_024, failed: 0, dropped: 76 });
  expect(events.complaints).toEqual(['The error hook was behind: 76 events were not told']);
});
