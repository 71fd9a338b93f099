import type { MobEventKind } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { startRuntime } from '../test/support/start-runtime.js';
import type { StructuralEvent } from './structural-event.js';

const flowStarted = { type: 'flow_started', run_id: 'run-1', flow_id: 'flow-a', params: {} } as const;

/** The last structural event of a ledger that ends with `kind`. */
async function project(kind: MobEventKind, at?: number) {
  const { runtime, mob } = await startRuntime();
  if (at !== undefined) await mob.events.append(...Array.from({ length: at - 2 }, () => flowStarted));
  await mob.events.append(kind);
  return (await runtime.queryMobEvents({ limit: 1 })).events[0];
}

it('[runtime.project-flow] shows flow_started at cursor 42 with its run and the cursor of the ledger', async () => {
  expect(await project(flowStarted, 42)).toEqual({
    eventId: 'mob-evt-42',
    cursor: 42,
    mobId: 'demo',
    timestampMs: 1_000,
    kind: 'flow_started',
    runId: 'run-1',
    mobLabels: {},
    runLabels: {},
    data: flowStarted,
  });
});

it('[runtime.project-step] shows a step with run, step and the name of its target, not the incarnation', async () => {
  const target = { identity: 'worker-1', generation: 0 };
  const event = await project({ type: 'step_dispatched', run_id: 'run-1', step_id: 'step-a', target }, 7);
  expect(event).toMatchObject({
    kind: 'step_dispatched',
    cursor: 7,
    runId: 'run-1',
    stepId: 'step-a',
    agentIdentity: 'worker-1',
  });
});

it('[runtime.project-spawn] shows whom member_spawned is about', async () => {
  const { runtime } = await startRuntime();
  await runtime.roster.spawn({ identity: 'researcher', profile: 'worker' });
  const [event] = (await runtime.queryMobEvents({ kinds: ['member_spawned'] })).events;
  expect(event).toMatchObject({ kind: 'member_spawned', agentIdentity: 'researcher' });
});

it('[runtime.project-batch] keeps the edges of members_wired_batch as they are, and names nobody', async () => {
  const edges = [{ a: 'alpha', b: 'beta' }];
  const event = await project({ type: 'members_wired_batch', edges });
  expect(event).toMatchObject({ kind: 'members_wired_batch', data: { edges } });
  expect(event).not.toHaveProperty('agentIdentity');
});

it('[runtime.broadcast] tells listeners what is appended; a query and an agent event tell them nothing', async () => {
  const { runtime, mob } = await startRuntime();
  const told: StructuralEvent[] = [];
  const second = new Promise<void>((resolve) => {
    runtime.onMobEvent((event) => {
      told.push(event);
      if (told.length === 2) resolve();
    });
  });
  const unsubscribe = runtime.onMobEvent(() => told.push(...told));
  unsubscribe();
  await mob.events.append(flowStarted);
  await runtime.queryMobEvents({});
  mob.act('worker-1', { type: 'text_delta', delta: 'x' });
  await runtime.queryMobEvents({ afterCursor: 0 });
  await runtime.roster.retire('nobody');
  await mob.events.append({ type: 'mob_completed' });
  await second;
  expect(told.map(({ cursor, kind }) => `${cursor} ${kind}`)).toEqual(['2 flow_started', '3 mob_completed']);
});

it('[runtime.labels] joins the labels mob and run have now, each asked for once a page', async () => {
  const { runtime, mob, metadata } = await startRuntime();
  await mob.events.append(flowStarted, { type: 'flow_canceled', run_id: 'run-1', flow_id: 'flow-a' });
  await metadata.setLabels({ mobId: 'demo' }, { team: 'red' });
  await metadata.setLabels({ mobId: 'demo', runId: 'run-1' }, { ticket: 'old' });
  await metadata.setLabels({ mobId: 'demo', runId: 'run-1' }, { ticket: '7' });
  await runtime.drain();
  let asked = 0;
  const labels = metadata.labels.bind(metadata);
  metadata.labels = (scope) => ((asked += 1), labels(scope));
  const { events } = await runtime.queryMobEvents({});
  const about = events.map(({ mobLabels, runLabels }) => [mobLabels, runLabels]);
  expect(about).toEqual([
    [{ team: 'red' }, {}],
    [{ team: 'red' }, { ticket: '7' }],
    [{ team: 'red' }, { ticket: '7' }],
  ]);
  expect(asked).toBe(2);
});

it('[runtime.query-newest] answers the newest 256 in ascending order when no cursor is given', async () => {
  const { runtime, mob } = await startRuntime();
  await mob.events.append(...Array.from({ length: 299 }, () => flowStarted));
  const page = await runtime.queryMobEvents({});
  expect(page.events.map(({ cursor }) => cursor)).toEqual(Array.from({ length: 256 }, (_, i) => 45 + i));
  expect(page).toMatchObject({ more: true, latestCursor: 300, scannedTo: 300 });
});

it('[runtime.query-forward] answers the oldest after a cursor, and a cursor to go on from', async () => {
  const { runtime, mob } = await startRuntime();
  await mob.events.append(...Array.from({ length: 9 }, () => flowStarted));
  const page = await runtime.queryMobEvents({ afterCursor: 3, limit: 2 });
  expect(page.events.map(({ cursor }) => cursor)).toEqual([4, 5]);
  expect(page).toMatchObject({ scannedTo: 5, more: true, latestCursor: 10 });
  const rare = await runtime.queryMobEvents({ afterCursor: 0, kinds: ['mob_completed'] });
  expect(rare).toMatchObject({ events: [], scannedTo: 10, more: false });
  expect((await runtime.queryMobEvents({ afterCursor: 10 })).events).toEqual([]);
});

it('[runtime.query-rare] finds the newest matching events among many others, in ascending order', async () => {
  const { runtime, mob } = await startRuntime();
  for (let i = 0; i < 10; i += 1) {
    await mob.events.append(...Array.from({ length: 99 }, () => flowStarted));
    await mob.events.append({ type: 'step_completed', run_id: `run-${i}`, step_id: 'step-a' });
  }
  const cursors = async (query: Parameters<typeof runtime.queryMobEvents>[0]) =>
    (await runtime.queryMobEvents(query)).events.map(({ cursor }) => cursor);
  expect(await cursors({ kinds: ['step_completed'], limit: 3 })).toEqual([801, 901, 1001]);
  expect(await cursors({ runId: 'run-4' })).toEqual([501]);
  expect(await cursors({ stepId: 'step-a', sinceMs: 1_001 })).toEqual([]);
});

it('[runtime.query-zero] answers nothing to limit 0 before it looks at the cursor', async () => {
  const { runtime } = await startRuntime();
  expect(await runtime.queryMobEvents({ limit: 0, afterCursor: 99 })).toEqual({
    events: [],
    scannedTo: 1,
    more: false,
    latestCursor: 1,
  });
  await expect(runtime.queryMobEvents({ limit: -1 })).rejects.toThrow(TypeError);
});

it('[runtime.query-stale] refuses a cursor beyond the ledger, with both numbers', async () => {
  const { runtime } = await startRuntime();
  const stale = {
    code: 'MOB_CURSOR_STALE',
    message: 'stale mob event cursor: requested 9, latest 1',
    details: { afterSeq: 9, firstSeq: 1, lastSeq: 1 },
  };
  await expect(runtime.queryMobEvents({ afterCursor: 9 })).rejects.toMatchObject(stale);
  await expect(runtime.queryMobEvents({ afterCursor: 9, mobId: 'other' })).rejects.toMatchObject(stale);
  const tail = runtime.tailMobEvents({ afterCursor: 9 })[Symbol.asyncIterator]();
  await expect(tail.next()).rejects.toMatchObject(stale);
});

it('says which cursor is the oldest kept when one before it was asked for', async () => {
  const { runtime, mob } = await startRuntime();
  await mob.events.append(flowStarted, flowStarted, flowStarted);
  await mob.events.log.prune({ keep: 1 });
  await expect(runtime.queryMobEvents({ afterCursor: 1 })).rejects.toThrow(
    'stale mob event cursor: requested 1, latest 4, oldest kept 4',
  );
  expect(await runtime.queryMobEvents({ mobId: 'other' })).toMatchObject({ events: [], latestCursor: 4 });
});

it('has no events of another mob', async () => {
  const { runtime } = await startRuntime();
  const page = await runtime.queryMobEvents({ mobId: 'other' });
  expect(page).toEqual({ events: [], scannedTo: 1, more: false, latestCursor: 1 });
  const stop = new AbortController();
  const { signal } = stop;
  const tail = runtime.tailMobEvents({ mobId: 'other', afterCursor: 0, signal });
  const next = tail[Symbol.asyncIterator]().next();
  stop.abort();
  expect(await next).toMatchObject({ done: true });
});

it('[runtime.tail] replays the ledger after a cursor, then follows it, each once and in order, by the filter', async () => {
  const { runtime, mob } = await startRuntime();
  const completed = { type: 'mob_completed' } as const;
  await mob.events.append(...Array.from({ length: 600 }, (_, i) => (i % 2 ? completed : flowStarted)));
  const seen: number[] = [];
  for await (const { cursor } of runtime.tailMobEvents({ afterCursor: 100, kinds: ['flow_started'] })) {
    seen.push(cursor);
    if (seen.length === 250) await mob.events.append(completed, flowStarted);
    if (seen.length === 251) break;
  }
  expect(seen).toEqual([...Array.from({ length: 250 }, (_, i) => 102 + 2 * i), 603]);
});

it('never shows a time before 1970', async () => {
  const { runtime, mob, clock } = await startRuntime();
  clock.set(-5);
  await mob.events.append(flowStarted);
  expect((await runtime.queryMobEvents({ limit: 1 })).events).toMatchObject([{ timestampMs: 0 }]);
});
