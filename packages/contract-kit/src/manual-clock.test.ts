import { expect, it } from 'vitest';

import { ManualClock } from './manual-clock.js';

it('begins at 0, or where it is told, and stands still', () => {
  expect([new ManualClock().now(), new ManualClock(5_000).now()]).toEqual([0, 5_000]);
});

it('[core.manual-clock] calls timers at their moment, the earliest first, equal ones as they were set', () => {
  const clock = new ManualClock(1_000);
  const said: string[] = [];
  const say = (name: string) => () => void said.push(`${name}@${clock.now()}`);
  clock.after(30, say('late'));
  clock.after(10, say('early'));
  clock.after(10, say('second'));
  clock.after(31, say('not yet'));
  clock.advance(30);
  expect(said).toEqual(['early@1010', 'second@1010', 'late@1030']);
  expect([clock.now(), clock.waiting]).toEqual([1_030, 1]);
});

it('never calls before `after` has returned, not even without a delay', () => {
  const clock = new ManualClock();
  let called = false;
  clock.after(0, () => (called = true));
  expect(called).toBe(false);
  clock.advance(0);
  expect(called).toBe(true);
});

it('calls timers that are set on the way, and those no more that are cancelled on the way', () => {
  const clock = new ManualClock();
  const said: string[] = [];
  clock.after(10, () => {
    cancel();
    clock.after(10, () => said.push(`next@${clock.now()}`));
  });
  const cancel = clock.after(15, () => said.push('cancelled'));
  clock.advance(100);
  expect([said, clock.waiting]).toEqual([['next@20'], 0]);
});

it('lets a timer be cancelled twice, and after it ran', () => {
  const clock = new ManualClock();
  let times = 0;
  const cancel = clock.after(1, () => (times += 1));
  clock.advance(1);
  cancel();
  cancel();
  clock.advance(1);
  expect(times).toBe(1);
});

it('keeps timers due after as long when the time is set', () => {
  const clock = new ManualClock(1_000);
  let calledAtMs: number | undefined;
  clock.after(10, () => (calledAtMs = clock.now()));
  clock.set(0);
  expect(calledAtMs).toBeUndefined();
  clock.advance(9);
  expect(calledAtMs).toBeUndefined();
  clock.advance(1);
  expect(calledAtMs).toBe(10);
});

it('does not go back when a timer moves time on itself', () => {
  const clock = new ManualClock();
  clock.after(10, () => clock.advance(100));
  clock.advance(20);
  expect(clock.now()).toBe(110);
});

it('stays where a timer has set the time', () => {
  const clock = new ManualClock(1_000);
  clock.after(10, () => clock.set(0));
  clock.advance(20);
  expect(clock.now()).toBe(10);
});

it.for([-1, NaN])('refuses to advance by %s: `set` is what goes back', (byMs) => {
  expect(() => new ManualClock().advance(byMs)).toThrow(TypeError);
});

it('tells timers that keep a process alive from those that do not', () => {
  const clock = new ManualClock();
  clock.after(10, () => {});
  clock.after(10, () => {}, { background: true });
  expect([clock.waiting, clock.holding]).toEqual([2, 1]);
});
