import type { FlowFrame, FlowLoopNode, FlowStepNode } from '@mobkit/core/mob';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { type Move, Schedule, type ScheduleOptions } from './schedule.js';

const step = (id: string, more: Partial<FlowStepNode> = {}): FlowStepNode => ({
  kind: 'step',
  step_id: id,
  ...more,
});
const loop = (id: string, nodes: FlowFrame['nodes'], more: Partial<FlowLoopNode> = {}): FlowLoopNode => ({
  kind: 'repeat_until',
  loop_id: id,
  body: { nodes },
  until: { op: 'eq', path: 'params', value: 1 },
  max_iterations: 2,
  ...more,
});

function scheduleOf(nodes: FlowFrame['nodes'], more: Partial<ScheduleOptions> = {}) {
  const schedule = new Schedule({ root: { nodes }, tolerates: () => false, ...more });
  const running = new Map<string, Move>();
  const next = () =>
    schedule.next().map((move) => {
      if (move.type === 'step') running.set(move.stepId, move);
      if (move.type === 'until') running.set(move.loopId, move);
      if (move.type === 'step') return move.loop ? `${move.stepId}#${move.loop.iteration}` : move.stepId;
      if (move.type === 'skipped') return `skipped ${move.stepId}: ${move.reason}`;
      return move.type === 'loop_failed'
        ? `failed ${move.loopId}: ${move.reason}`
        : `${move.type} ${move.loopId}`;
    });
  const end = (id: string, status: 'completed' | 'failed' | 'skipped' = 'completed') => {
    schedule.ended(running.get(id) as Extract<Move, { type: 'step' }>, status);
    return next();
  };
  const decide = (id: string, answer: boolean | string) => {
    schedule.decided(running.get(id) as Extract<Move, { type: 'until' }>, answer);
    return next();
  };
  return { schedule, next, end, decide };
}

it('[flow.order] starts a step when what it waits for completed, and skips it when that cannot be any more', () => {
  const { schedule, next, end } = scheduleOf({
    a: step('a'),
    b: step('b'),
    both: step('both', { depends_on: ['a', 'b'] }),
    any: step('any', { depends_on: ['a', 'b'], depends_on_mode: 'any' }),
    after: step('after', { depends_on: ['both'] }),
  });
  expect(next()).toEqual(['a', 'b']);
  expect(next()).toEqual([]);
  expect(end('a', 'failed')).toEqual(['skipped both: "a" failed', 'skipped after: "both" was skipped']);
  expect(end('b')).toEqual(['any']);
  expect(schedule.outcome).toBeUndefined();
  expect(end('any')).toEqual([]);
  expect(schedule.outcome).toBe('failed');
});

it('[flow.order] skips what waits for any of several when none completed', () => {
  const { schedule, next, end } = scheduleOf({
    a: step('a'),
    b: step('b'),
    any: step('any', { depends_on: ['a', 'b'], depends_on_mode: 'any' }),
  });
  next();
  expect(end('a', 'skipped')).toEqual([]);
  expect(end('b', 'skipped')).toEqual(['skipped any: "a" was skipped, "b" was skipped']);
  expect(schedule.outcome).toBe('completed');
});

it('[flow.branches] lets the steps of a branch try one after the other until one completes', () => {
  const branch = { branch: 'x' };
  const nodes = {
    a: step('a', branch),
    b: step('b', branch),
    c: step('c', branch),
    join: step('join', { depends_on: ['a', 'b', 'c'], depends_on_mode: 'any' }),
  };
  const tried = scheduleOf(nodes);
  expect(tried.next()).toEqual(['a']);
  expect(tried.end('a', 'failed')).toEqual(['b']);
  expect(tried.end('b')).toEqual(['skipped c: "b" of the same branch completed', 'join']);
  tried.end('join');
  expect(tried.schedule.outcome).toBe('failed');

  const tolerant = scheduleOf(nodes, { tolerates: (id) => id === 'a' });
  tolerant.next();
  tolerant.end('a', 'failed');
  tolerant.end('b');
  tolerant.end('join');
  expect(tolerant.schedule.outcome).toBe('completed');
});

it('[flow.loops] runs a body until its condition holds, and fails when that never happens or the body fails', () => {
  const nodes = { l: loop('l', { a: step('a') }), after: step('after', { depends_on: ['l'] }) };
  const held = scheduleOf(nodes);
  expect(held.next()).toEqual(['loop l', 'a#0']);
  expect(held.end('a')).toEqual(['until l']);
  expect(held.decide('l', false)).toEqual(['a#1']);
  expect(held.end('a')).toEqual(['until l']);
  expect(held.decide('l', true)).toEqual(['after']);

  const exhausted = scheduleOf(nodes);
  exhausted.next();
  exhausted.end('a');
  exhausted.decide('l', false);
  exhausted.end('a');
  expect(exhausted.decide('l', false)).toEqual([
    'failed l: its condition did not hold after 2 iterations',
    'skipped after: "l" failed',
  ]);
  expect(exhausted.schedule.outcome).toBe('failed');

  const broken = scheduleOf(nodes);
  broken.next();
  expect(broken.end('a', 'failed')).toEqual(['failed l: iteration 0 failed', 'skipped after: "l" failed']);

  const unasked = scheduleOf(nodes);
  unasked.next();
  unasked.end('a');
  expect(unasked.decide('l', 'no such path')).toEqual([
    'failed l: no such path',
    'skipped after: "l" failed',
  ]);
});

it('[flow.loops] begins a loop within a loop anew in every iteration', () => {
  const { next, end, decide } = scheduleOf({
    outer: loop('outer', { inner: loop('inner', { a: step('a') }) }),
  });
  expect(next()).toEqual(['loop outer', 'loop inner', 'a#0']);
  end('a');
  expect(decide('inner', false)).toEqual(['a#1']);
  end('a');
  expect(decide('inner', true)).toEqual(['until outer']);
  expect(decide('outer', false)).toEqual(['loop inner', 'a#0']);
});

it('[flow.active-nodes] runs no more steps at once than allowed, those in loops included', () => {
  const nodes = { a: step('a'), l: loop('l', { b: step('b'), c: step('c') }), d: step('d') };
  const { next, end } = scheduleOf(nodes, { limits: { max_active_nodes: 2 } });
  expect(next()).toEqual(['a', 'loop l', 'b#0']);
  expect(end('a')).toEqual(['c#0']);
  expect(end('b')).toEqual(['d']);
});

it('[flow.active-frames] runs no more loops at once than allowed, and loops inside of loops all the same', () => {
  const inner = (id: string) => loop(`${id}-inner`, { [id]: step(id) });
  const nodes = { one: loop('one', { in: inner('a') }), two: loop('two', { in: inner('b') }) };
  const { next, end, decide } = scheduleOf(nodes, { limits: { max_active_frames: 1 } });
  expect(next()).toEqual(['loop one', 'loop a-inner', 'a#0']);
  end('a');
  decide('a-inner', true);
  expect(decide('one', true)).toEqual(['loop two', 'loop b-inner', 'b#0']);
});

const statuses = fc.constantFrom<'completed' | 'failed' | 'skipped'>(
  'completed',
  'completed',
  'failed',
  'skipped',
);

/** Frames of random shape; ids are given out in order, so that every one is there once. */
const frame = fc.letrec<{ frame: Shape }>((tie) => ({
  frame: fc.array(
    fc.record({
      before: fc.array(fc.nat(), { maxLength: 3 }),
      mode: fc.constantFrom('all', 'any'),
      branch: fc.constantFrom(undefined, undefined, 'x', 'y'),
      body: fc.option(tie('frame'), { maxDepth: 2, depthIdentifier: 'loops' }),
    }),
    { minLength: 1, maxLength: 5 },
  ) as fc.Arbitrary<Shape>,
})).frame;

type Shape = readonly {
  readonly before: readonly number[];
  readonly mode: 'all' | 'any';
  readonly branch: string | undefined;
  readonly body: Shape | null;
}[];

function toFrame(shape: Shape, count = { n: 0 }): FlowFrame {
  const nodes = shape.map(({ before, mode, branch, body }, at) => {
    const id = `n${(count.n += 1)}`;
    const waits = {
      // Only on earlier ones, by place: no cycles.
      depends_on: at === 0 ? [] : before.map((n) => String(n % at)),
      depends_on_mode: mode,
    };
    const node = body
      ? loop(id, toFrame(body, count).nodes, waits)
      : step(id, { ...waits, ...(branch !== undefined && { branch }) });
    return [String(at), node];
  });
  return { nodes: Object.fromEntries(nodes) };
}

it('[flow.schedule] starts no step twice in an iteration, keeps its limits and always ends, whatever steps come to in whatever order', () => {
  fc.assert(
    fc.property(
      frame,
      fc.array(fc.tuple(fc.nat(), statuses, fc.boolean()), { minLength: 1, maxLength: 50 }),
      fc.record({ max_active_nodes: fc.nat({ max: 2 }), max_active_frames: fc.nat({ max: 2 }) }),
      (shape, answers, limits) => {
        const schedule = new Schedule({ root: toFrame(shape), tolerates: () => false, limits });
        const started = new Map<string, number>();
        const open: (Move & { type: 'step' | 'until' })[] = [];
        let rounds = 0;
        for (; schedule.outcome === undefined; rounds += 1) {
          expect(rounds).toBeLessThan(5_000);
          for (const move of schedule.next()) {
            // An inner loop begins anew: its steps may run again from here on.
            if (move.type === 'loop') started.clear();
            if (move.type === 'step' || move.type === 'until') open.push(move);
            if (move.type !== 'step') continue;
            const key = `${move.stepId}#${move.loop?.iteration ?? ''}`;
            expect([key, started.get(key)]).toEqual([key, undefined]);
            started.set(key, 1);
          }
          const steps = open.filter(({ type }) => type === 'step').length;
          expect(steps).toBeLessThanOrEqual(limits.max_active_nodes || Infinity);
          const [pick, status, answer] = answers[rounds % answers.length] ?? [0, 'completed', true];
          const [move] = open.splice(pick % Math.max(1, open.length), 1);
          // Something runs while it has not ended.
          expect(move !== undefined || schedule.outcome !== undefined).toBe(true);
          if (move?.type === 'step') schedule.ended(move, status);
          else if (move) schedule.decided(move, answer);
        }
        expect(open).toEqual([]);
        expect(schedule.next()).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});
