import { expect, it } from 'vitest';

import { ChildModules } from '../test/support/child-modules.js';
import { startRuntime, world } from '../test/support/start-runtime.js';
import type { TimelineItem } from './timeline.js';

const delta = { type: 'text_delta', delta: 'x' } as const;

/** A runtime with a module, whose timeline has nothing to come. */
async function quiet() {
  const modules = new ChildModules([]);
  const started = await startRuntime({ modules });
  await started.runtime.drain();
  return { ...started, modules };
}

function name(item: TimelineItem): string {
  if (item.type === 'gap') return `gap ${item.gap.from.n}..${item.gap.to.n}`;
  if (item.source === 'agent') return `${item.event.identity} ${item.event.event.eventType}`;
  return item.source === 'module'
    ? `${item.event.event.module} ${item.event.event.eventType}`
    : item.event.kind;
}

it('[runtime.timeline] merges what agents, modules and ledgers tell in the order it came, with the time of the source', async () => {
  const { runtime, mob, modules, engine, clock, sink, eventLog } = await quiet();
  const begin = runtime.timeline.read().next;
  clock.advance(50);
  modules.act('router', 'router.ready', { ok: true });
  mob.act('a', delta);
  await mob.events.append({ type: 'mob_reset' });
  await runtime.drain();
  modules.act('router', 'router.late', null);
  (await engine.makeChild('helpers')).act('a', delta);
  const { items, more, next } = runtime.timeline.read({ after: begin });
  expect(items.map(name)).toEqual([
    'router router.ready',
    'a text_delta',
    'mob_reset',
    'router router.late',
    'a text_delta',
  ]);
  expect(items[0]).toMatchObject({ ingestedAtMs: 1_050, event: { timestampMs: 1 } });
  expect({ more, next }).toEqual({ more: false, next: { epoch: 1, n: begin.n + 5 } });
  await sink.flush();
  const logged = await eventLog.query({ eventTypes: ['router.ready'] });
  const event = { kind: 'module', module: 'router', eventType: 'router.ready', payload: { ok: true } };
  expect(logged.events).toMatchObject([{ id: 'evt-router-1', timestampMs: 1, mobId: 'demo', event }]);
});

it('[runtime.timeline-scope] shows what is asked for, and goes on after what was looked at', async () => {
  const { runtime, mob, modules, engine } = await quiet();
  const begin = runtime.timeline.read().next;
  mob.act('a', delta, 'interaction-7');
  modules.act('router', 'said', { interaction_id: 'interaction-7' });
  mob.act('b', delta);
  (await engine.makeChild('helpers')).act('a', delta);
  await runtime.drain();
  await mob.wire('a', 'b');
  await runtime.drain();
  const read = (scope: Parameters<typeof runtime.timeline.read>[0]) =>
    runtime.timeline.read({ after: begin, ...scope }).items.map(name);
  expect(read({ scope: { source: 'module' } })).toEqual(['router said']);
  expect(read({ scope: { identity: 'b' } })).toEqual(['b text_delta', 'members_wired']);
  expect(read({ scope: { mobId: 'helpers' } })).toEqual(['a text_delta', 'mob_created']);
  expect(read({ scope: { interactionId: 'interaction-7' } })).toEqual(['a text_delta', 'router said']);
  const page = runtime.timeline.read({ after: begin, limit: 1, scope: { mobId: 'demo', source: 'agent' } });
  expect(page).toMatchObject({ next: { n: begin.n + 2 }, more: true });
  expect(runtime.timeline.read({ limit: 2 }).items.map(name)).toEqual(['mob_created', 'members_wired']);
});

it('[runtime.timeline-gap] keeps so many and no more, and tells a reader that is behind what it missed', async () => {
  const { runtime, mob } = await quiet();
  const after = runtime.timeline.read().next;
  const reader = runtime.timeline.follow()[Symbol.asyncIterator]();
  for (let n = 0; n < 4_100; n += 1) mob.act('a', delta);
  const gap = { reason: 'not_kept', from: after, to: { epoch: 1, n: after.n + 4 } };
  expect(runtime.timeline.read({ after, limit: 1 }).items[0]).toEqual({ type: 'gap', gap });
  expect((await reader.next()).value).toEqual({ type: 'gap', gap });
  expect((await reader.next()).value).toMatchObject({ type: 'event', cursor: { n: after.n + 5 } });
  await reader.return?.();
  const all = runtime.timeline.read({ after, limit: 5_000 });
  expect(all.items).toHaveLength(4_097);
});

it('[runtime.timeline-gap] refuses a cursor that no entry has had, and tells a gap after one of an earlier start', async () => {
  const here = await world();
  await (await startRuntime({}, here)).runtime.shutdown();
  const { runtime, mob } = await startRuntime({}, here);
  mob.act('a', delta);
  expect(() => runtime.timeline.read({ after: { epoch: 2, n: 99 } })).toThrow(
    expect.objectContaining({ code: 'MOB_CURSOR_STALE' }) as Error,
  );
  expect(() => runtime.timeline.follow({ after: { epoch: 3, n: 0 } })).toThrow('latest is');
  const { items } = runtime.timeline.read({ after: { epoch: 1, n: 1 }, scope: { source: 'agent' } });
  expect(items.map(({ type }) => type)).toEqual(['gap', 'event']);
});

it('[runtime.timeline-follow] gives what comes to each reader at its own pace, and ends with the runtime', async () => {
  const { runtime, mob } = await quiet();
  const follower = runtime.timeline.follow({ scope: { identity: 'a' } })[Symbol.asyncIterator]();
  const idle = runtime.timeline.follow()[Symbol.asyncIterator]();
  const first = follower.next();
  mob.act('b', delta);
  mob.act('a', delta);
  expect((await first).value).toMatchObject({ event: { identity: 'a' } });
  const second = follower.next();
  mob.act('a', { type: 'turn_started', turn_number: 1 });
  expect((await second).value).toMatchObject({ event: { event: { eventType: 'turn_started' } } });
  const last = follower.next();
  await runtime.shutdown();
  expect(await last).toEqual({ done: true, value: undefined });
  expect(await idle.next()).toMatchObject({ done: false });
  await idle.return?.();
});
