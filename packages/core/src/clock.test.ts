import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { type Clock, delay, systemClock } from './clock.js';

const DAY_MS = 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('calls back once, after the delay and never at once', () => {
  const run = vi.fn<() => void>();
  systemClock.after(0, run);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledOnce();
});

it('does not call back what was cancelled, however often', () => {
  const run = vi.fn<() => void>();
  const cancel = systemClock.after(10, run);
  cancel();
  cancel();
  vi.advanceTimersByTime(10);
  expect(run).not.toHaveBeenCalled();
});

it('[core.clock] waits longer than a timer of the machine can, and can be cancelled all along', () => {
  const [late, never] = [vi.fn<() => void>(), vi.fn<() => void>()];
  systemClock.after(60 * DAY_MS, late);
  const cancel = systemClock.after(60 * DAY_MS, never);
  vi.advanceTimersByTime(59 * DAY_MS);
  expect(late).not.toHaveBeenCalled();
  cancel();
  vi.advanceTimersByTime(DAY_MS);
  expect(late).toHaveBeenCalledOnce();
  expect(never).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

it('resolves after the delay, and leaves nothing on the signal', async () => {
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, 'removeEventListener');
  const waited = delay(systemClock, 10, signal);
  vi.advanceTimersByTime(10);
  expect(await waited).toBeUndefined();
  expect(removed).toHaveBeenCalledOnce();
});

it('[core.clock] resolves when the signal is aborted, and leaves no timer', async () => {
  const controller = new AbortController();
  const waited = delay(systemClock, 10, controller.signal);
  controller.abort();
  expect(await waited).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});

it('does not wait at all when the signal was aborted before', async () => {
  const clock: Clock = { now: () => 0, after: () => expect.unreachable() };
  expect(await delay(clock, 10, AbortSignal.abort())).toBeUndefined();
});

it('[core.process] holds the process with a delay, and not with a background timer', () => {
  const unref = vi.fn<() => void>();
  vi.spyOn(globalThis, 'setTimeout').mockReturnValue({ unref } as never);
  systemClock.after(10, () => {}, { background: true });
  expect(unref).toHaveBeenCalledOnce();
  systemClock.after(10, () => {});
  void delay(systemClock, 10);
  expect(unref).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});
