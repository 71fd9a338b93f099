import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { EventReader } from '../test/support/event-reader.js';
import { send, served } from '../test/support/open.js';

const delta = { type: 'text_delta', delta: 'x' } as const;
const ids = (frames: readonly { readonly id?: string | undefined }[]) => frames.map(({ id }) => id);

it('[http.frames] streams what every agent does, under ids that last', async () => {
  const { mob, url } = await served();
  const reader = await EventReader.open(`${url}/mob/events`);
  expect(reader.response.headers.get('content-type')).toBe('text/event-stream');
  mob.act('lead', { type: 'run_started', prompt: 'a\nb' });
  mob.act('worker-1', delta);
  const [first, second] = await reader.frames(2);
  expect(first).toMatchObject({ id: 'mob:1.1', event: 'run_started' });
  expect(JSON.parse(first?.data ?? '')).toEqual({
    event_id: 'evt-1',
    member_id: 'lead:0',
    identity: 'lead',
    source: 'agent',
    timestamp_ms: 0,
    interaction_id: 'i-1',
    payload: { type: 'run_started', prompt: 'a\nb' },
  });
  expect(second?.id).toBe('mob:1.2');
});

it('[http.frames] streams the events of one agent as they are, numbered on their own', async () => {
  const { mob, url } = await served();
  const reader = await EventReader.open(`${url}/agents/worker%2D1/events`);
  mob.act('lead', delta);
  mob.act('worker-1', delta);
  mob.act('worker-1', { type: 'run_completed', result: 'done' });
  const frames = await reader.frames(2);
  expect(ids(frames)).toEqual(['worker-1:1.1', 'worker-1:1.2']);
  expect(frames[1]?.event).toBe('run_completed');
  const own = { type: 'run_completed', result: 'done', interaction_id: 'i-1' };
  expect(JSON.parse(frames[1]?.data ?? '')).toEqual(own);
});

it('[http.unknown-agent] answers 404 for an agent that is not there', async () => {
  const { url } = await served();
  const { status, body } = await send(`${url}/agents/nobody/events`);
  expect([status, JSON.parse(body)]).toEqual([404, { error: 'member_not_found' }]);
});

it('shows at once that a stream is open, how soon to come back, and with which id', async () => {
  const { url } = await served();
  const reader = await EventReader.open(`${url}/mob/events`);
  await reader.untilText('id: mob:1.0\n: open\n\n');
  expect(reader.retryMs).toBe(1_000);
});

it('[http.resume] goes on after the last id, missing nothing and repeating nothing', async () => {
  const { mob, url } = await served();
  for (let i = 0; i < 3; i += 1) mob.act('lead', delta);
  const reader = await EventReader.open(`${url}/mob/events`, { 'last-event-id': 'mob:1.1' });
  expect(ids(await reader.frames(2))).toEqual(['mob:1.2', 'mob:1.3']);
  mob.act('lead', delta);
  expect(ids(await reader.frames(1))).toEqual(['mob:1.4']);
  const beginning = await EventReader.open(`${url}/agents/lead/events?after=lead:0.0`);
  expect(ids(await beginning.frames(1))).toEqual(['lead:1.1']);
});

it('[http.last-event-id] wins over the cursor in the URL, which a browser repeats', async () => {
  const { mob, url } = await served();
  for (let i = 0; i < 3; i += 1) {
    mob.act('lead', delta);
    mob.record('members_wired');
  }
  const agents = await EventReader.open(`${url}/mob/events?after=mob:1.0`, { 'last-event-id': 'mob:1.2' });
  expect(ids(await agents.frames(1))).toEqual(['mob:1.3']);
  const headers = { 'last-event-id': 'mob-evt-2' };
  const ledger = await EventReader.open(`${url}/mobkit/mob_events/stream?after_seq=0`, headers);
  expect(ids(await ledger.frames(1))).toEqual(['mob-evt-3']);
});

it('[http.stale] answers 410 for a cursor beyond the log, before any frame', async () => {
  const { mob, url } = await served();
  mob.act('lead', delta);
  mob.record('members_wired');
  const agents = await send(`${url}/mob/events`, { headers: { 'last-event-id': 'mob:1.2' } });
  expect([agents.status, JSON.parse(agents.body)]).toEqual([
    410,
    { error: 'event_query_stale', after_cursor: 'mob:1.2', latest_cursor: 'mob:1.1' },
  ]);
  const ledger = await send(`${url}/mobkit/mob_events/stream?after_seq=2`);
  expect([ledger.status, JSON.parse(ledger.body)]).toEqual([
    410,
    { error: 'event_query_stale', after_cursor: 2, latest_cursor: 1 },
  ]);
});

it('[http.bad-id] answers 400 for an id that no stream gave, naming it', async () => {
  const { url } = await served();
  const wrong = {
    '/mob/events': ['mob:1', 'lead:1.1', 'mob:01.1', 'mob:1.-1', 'mob:1.9007199254740993', 'mob:0.1'],
    '/agents/lead/events': ['mob:1.1', 'lead:x'],
    '/mobkit/mob_events/stream': ['3', 'mob-evt-', 'mob-evt-1.5', 'mob:1.1'],
  };
  for (const [path, given] of Object.entries(wrong)) {
    for (const id of given) {
      const { status, body } = await send(`${url}${path}`, { headers: { 'last-event-id': id } });
      expect([id, status, JSON.parse(body).message]).toEqual([id, 400, expect.stringContaining(`"${id}"`)]);
    }
  }
  for (const search of [
    'after_seq=-1',
    'after_seq=1e3',
    'since_ms=x',
    'event_type=a',
    'after_seq=1&after_seq=2',
  ]) {
    const { status, body } = await send(`${url}/mobkit/mob_events/stream?${search}`);
    expect([status, JSON.parse(body)]).toMatchObject([400, { field: search.split('=')[0] }]);
  }
});

it('[http.gap] says what is not to be had, with an id that goes on after it', async () => {
  const { mob, url } = await served();
  for (let i = 0; i < 5; i += 1) {
    mob.act('lead', delta);
    mob.record('members_wired');
  }
  mob.firstKept = 4;
  const agents = await EventReader.open(`${url}/mob/events?after=mob:1.1`);
  const [gap, next] = await agents.frames(2);
  expect(gap).toMatchObject({ event: 'gap', id: 'mob:1.3' });
  expect(JSON.parse(gap?.data ?? '')).toEqual({ reason: 'not_kept', from: 'mob:1.1', to: 'mob:1.3' });
  expect(next?.id).toBe('mob:1.4');
  const ledger = await EventReader.open(`${url}/mobkit/mob_events/stream?after_seq=1`);
  const frames = await ledger.frames(3);
  expect(ids(frames)).toEqual(['mob-evt-3', 'mob-evt-4', 'mob-evt-5']);
  expect(JSON.parse(frames[0]?.data ?? '')).toEqual({
    reason: 'not_kept',
    from: 'mob-evt-1',
    to: 'mob-evt-3',
  });
});

it('[http.ledger] streams structural events from now on, filtered by the fields of the URL', async () => {
  const { mob, url } = await served();
  mob.record('member_spawned');
  const reader = await EventReader.open(
    `${url}/mobkit/mob_events/stream?event_types=flow_started,flow_failed`,
  );
  // A client that is cut before the first event comes back to here.
  await reader.untilText('id: mob-evt-1\n');
  for (const kind of ['flow_started', 'member_spawned', 'flow_failed']) mob.record(kind);
  const frames = await reader.frames(2);
  expect(frames.map(({ id, event }) => [id, event])).toEqual([
    ['mob-evt-2', 'flow_started'],
    ['mob-evt-4', 'flow_failed'],
  ]);
  expect(JSON.parse(frames[0]?.data ?? '')).toMatchObject({
    event_id: 'mob-evt-2',
    cursor: 2,
    mob_id: 'demo',
  });
});

it('[http.keep-alive] sends a comment every 15 seconds, and has no timer when nobody reads', async () => {
  const clock = new ManualClock();
  const { mob, url } = await served({ clock });
  const reader = await EventReader.open(`${url}/mob/events`);
  const keepAlives = () => reader.text.split(': keep-alive\n\n').length - 1;
  await reader.untilText(': open');
  for (let i = 0; i < 2; i += 1) {
    clock.advance(14_900);
    expect(clock.holding).toBe(0);
    mob.act('lead', delta);
    clock.advance(15);
    await reader.frames(1);
    expect(keepAlives()).toBe(i);
    clock.advance(85);
    while (keepAlives() === i) await reader.more();
  }
  reader.leave();
  await mob.readersAre(0);
  expect(clock.waiting).toBe(0);
});

it('[http.stream-limit] refuses one stream more than the limit, and serves it when another has left', async () => {
  const { mob, url } = await served({ maxStreams: 2 });
  const first = await EventReader.open(`${url}/mob/events`);
  await EventReader.open(`${url}/mobkit/mob_events/stream`);
  const refused = await send(`${url}/mob/events`);
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
  first.leave();
  await mob.readersAre(1);
  await EventReader.open(`${url}/mob/events`);
  await mob.readersAre(2);
  expect(mob.readers).toBe(2);
});

it('[http.clients-leave] leaves nothing behind of fifty clients whose sockets broke', async () => {
  const clock = new ManualClock();
  const { mob, listener } = await served({ clock });
  const paths = ['/mob/events', '/agents/lead/events', '/mobkit/mob_events/stream'];
  const sockets = await Promise.all(
    Array.from({ length: 50 }, (_, i) => openRaw(listener.port, paths[i % paths.length] ?? '')),
  );
  await mob.readersAre(50);
  for (const socket of sockets) socket.resetAndDestroy();
  await mob.readersAre(0);
  expect(clock.waiting).toBe(0);
});

it('[http.slow-client] cuts a client for which more than 1 MiB waits, and no other', async () => {
  const { mob, listener, url } = await served();
  const quick = await EventReader.open(`${url}/mob/events`);
  const stuck = await openRaw(listener.port, '/mob/events');
  stuck.pause();
  await mob.readersAre(2);
  const text = 'x'.repeat(256 * 1024);
  let sent = 0;
  while (mob.readers === 2) {
    mob.act('lead', { type: 'text_complete', content: text });
    sent += 1;
    await quick.frames(1);
    expect(sent).toBeLessThan(400);
  }
  expect(mob.readers).toBe(1);
  mob.act('lead', delta);
  expect(ids(await quick.frames(1))).toEqual([`mob:1.${sent + 1}`]);
  stuck.destroy();
});

it('[http.history-pace] reads history at the pace of a client, however much there is', async () => {
  const { mob, url } = await served();
  const text = 'x'.repeat(64 * 1024);
  for (let i = 0; i < 200; i += 1) mob.act('lead', { type: 'text_complete', content: text });
  const reader = await EventReader.open(`${url}/mob/events?after=mob:1.0`);
  expect(ids(await reader.frames(200)).at(-1)).toBe('mob:1.200');
});

it('ends a stream when the runtime has shut down', async () => {
  const { mob, url } = await served();
  const reader = await EventReader.open(`${url}/mob/events`);
  await mob.shutdown();
  await reader.untilEnd();
  expect(mob.readers).toBe(0);
});

async function openRaw(port: number, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

it('[http.large-frame] resumes before an event that is larger than what may wait for a client', async () => {
  const { mob, url } = await served();
  mob.act('lead', { type: 'run_started', prompt: 'x'.repeat(1_048_474) });
  mob.act('lead', delta);
  const reader = await EventReader.open(`${url}/mob/events?after=mob:1.0`);
  expect(ids(await reader.frames(2))).toEqual(['mob:1.1', 'mob:1.2']);
});
