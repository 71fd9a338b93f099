import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Server } from 'node:net';

import { ManualClock } from '@mobkit/contract-kit';
import { MobError } from '@mobkit/core';
import { expect, it, onTestFinished } from 'vitest';

import { EventReader } from '../test/support/event-reader.js';
import { FakeRuntime } from '../test/support/fake-runtime.js';
import { call, open, served } from '../test/support/open.js';
import { openListener } from './http-listener.js';
import { run, serve } from './serve.js';

it('[http.health] answers before there is a runtime, and says that it is not ready', async () => {
  const { url } = await open();
  const health = await fetch(`${url}/healthz`);
  expect([health.status, await health.text()]).toEqual([200, 'ok']);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  const early = await call(url, { jsonrpc: '2.0', id: 1, method: 'mobkit/status' });
  expect([early.status, await early.json()]).toMatchObject([503, { error: 'not_ready' }]);
});

it('[http.health] is ready while an attached runtime runs', async () => {
  const { mob, url } = await served();
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
  mob.problems = ['The store takes no writes: the disk is full'];
  const full = await fetch(`${url}/readyz`);
  expect([full.status, await full.json()]).toEqual([503, { status: 'not_ready', problems: mob.problems }]);
  expect(full.headers.get('retry-after')).toBe('1');
});

it('refuses a second runtime', async () => {
  const { listener, mob } = await served();
  expect(() => listener.attach(mob.runtime)).toThrow(TypeError);
});

it('[http.bind] names a port that is in use and what to do', async () => {
  const { port } = await open();
  await expect(openListener({ port })).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: expect.stringMatching(new RegExp(`port ${port}.*in use.*another port`)) as string,
    details: { port },
  });
  await expect(openListener({ port: 70_000 })).rejects.toMatchObject({ code: 'MOB_CONFIG_INVALID' });
});

it('[http.bind] will not listen where others could reach it', async () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.1', 'example.com', '']) {
    await expect(openListener({ host })).rejects.toMatchObject({
      code: 'MOB_CONFIG_INVALID',
      details: { host },
    });
  }
  const local = await open({ host: 'localhost' });
  expect(local.url).toBe(`http://127.0.0.1:${local.port}`);
});

it('[http.rpc] answers JSON-RPC over POST, errors too as 200, and a notification with nothing', async () => {
  const { url } = await served();
  const answer = await call(url, { jsonrpc: '2.0', id: 1, method: 'mobkit/status' });
  expect(await answer.json()).toMatchObject({ id: 1, result: { mob_id: 'demo', running: true } });
  const wrong = await call(url, '{');
  expect([wrong.status, await wrong.json()]).toMatchObject([200, { id: null, error: { code: -32700 } }]);
  const notified = await call(url, { jsonrpc: '2.0', method: 'mobkit/status' });
  expect([notified.status, await notified.text()]).toEqual([204, '']);
});

it('[http.close] ends streams, drops who says nothing, and frees the port', async () => {
  // Its clock stands still: what waits to be joined is sent because the stream ends.
  const { listener, mob, url } = await served({ clock: new ManualClock() });
  const reader = await EventReader.open(`${url}/mob/events`);
  await mob.readersAre(1);
  const silent = connect(listener.port, listener.host);
  await once(silent, 'connect');
  mob.act('lead', { type: 'run_started' });
  await fetch(`${url}/healthz`);
  const closing = listener.close();
  await reader.untilEnd();
  await closing;
  expect(reader.text).toContain('event: run_started');
  silent.resume();
  await once(silent, 'close');
  expect(mob.readers).toBe(0);
  const next = await open({ port: listener.port });
  expect(next.port).toBe(listener.port);
});

it('[http.close] lets a request under way finish, and refuses the next on its connection', async () => {
  const { listener, mob, url } = await served({ closeTimeoutMs: 60_000 });
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    mob.status = () => {
      resolve();
      return new Promise((finish) => {
        answer = () => finish({ running: true, mobId: 'late', mobState: 'Running', loadedModules: [] });
      });
    };
  });
  const slow = call(url, { jsonrpc: '2.0', id: 1, method: 'mobkit/status' });
  await asked;
  const closing = listener.close();
  answer();
  expect(await (await slow).json()).toMatchObject({ result: { mob_id: 'late' } });
  await closing;
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
});

it('[http.run] waits for the signal, closes the listener, then shuts the runtime down', async () => {
  const mob = new FakeRuntime();
  const listener = await serve(mob.runtime);
  const stopping = new AbortController();
  const running = run(mob.runtime, listener, stopping.signal);
  expect((await fetch(`${listener.url}/healthz`)).status).toBe(200);
  expect(mob.shutdowns).toBe(0);
  const order: string[] = [];
  const shutdown = mob.shutdown.bind(mob);
  mob.shutdown = async () => {
    await fetch(`${listener.url}/healthz`).catch(() => order.push('closed'));
    order.push('shutdown');
    return shutdown();
  };
  stopping.abort();
  expect(await running).toMatchObject({ serveResult: 'ok', shutdown: { mobStop: 'ok' } });
  expect(order).toEqual(['closed', 'shutdown']);
});

it('[ownership.standby-http] says who runs the mob while it stands by, and serves the runtime once it is attached', async () => {
  const listener = await open();
  listener.standBy('run by other');
  const ready = await fetch(`${listener.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: 'standby', problems: ['run by other'] },
  ]);
  const refused = await fetch(`${listener.url}/metrics`);
  expect([refused.status, await refused.json()]).toMatchObject([
    503,
    { error: 'not_ready', message: 'run by other' },
  ]);
  listener.attach(new FakeRuntime().runtime);
  expect((await fetch(`${listener.url}/readyz`)).status).toBe(200);
});

it('[ownership.http] lets a runtime that lost its mob shut down, and says so, before it closes the listener', async () => {
  const mob = new FakeRuntime();
  const loss = new AbortController();
  mob.lost = loss.signal;
  const listener = await serve(mob.runtime);
  const running = run(mob.runtime, listener, new AbortController().signal);
  const order: unknown[] = [];
  const shutdown = mob.shutdown.bind(mob);
  mob.shutdown = async () => {
    mob.problems = ['the mob is run by other now'];
    const answer = await fetch(`${listener.url}/readyz`).catch(() => undefined);
    order.push(await answer?.json());
    return shutdown();
  };
  loss.abort();
  await running;
  expect(order[0]).toEqual({ status: 'not_ready', problems: ['the mob is run by other now'] });
  await expect(fetch(`${listener.url}/healthz`)).rejects.toThrow('fetch failed');
});

it('[http.run] shuts the runtime down also when the listener does not close cleanly', async () => {
  const mob = new FakeRuntime();
  const listener = { ...(await open()), close: () => Promise.reject(new Error('broken socket')) };
  const report = await run(mob.runtime, listener, AbortSignal.abort());
  expect(report).toMatchObject({ serveResult: 'error', serveError: 'Error: broken socket' });
  expect(mob.shutdowns).toBe(1);
});

it('[http.close] opens no stream that was asked for before and is ready after', async () => {
  const { listener, mob, url } = await served({ closeTimeoutMs: 60_000 });
  const query = mob.queryMobEvents.bind(mob);
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    mob.queryMobEvents = async (given) => {
      resolve();
      await new Promise<void>((go) => (answer = go));
      return query(given);
    };
  });
  const late = fetch(`${url}/mobkit/mob_events/stream`);
  await asked;
  const closing = listener.close();
  answer();
  expect((await late).status).toBe(503);
  await closing;
});

it('[http.errors-told] answers 500 for whatever a runtime throws, and tells its owner', async () => {
  const told: unknown[] = [];
  const { mob, url } = await served({ onError: (error) => told.push(error) });
  mob.readiness = () => Promise.reject('secret');
  const answer = await fetch(`${url}/readyz`);
  expect([answer.status, await answer.json()]).toEqual([
    500,
    { error: 'internal', message: 'Internal error' },
  ]);
  expect(told).toEqual(['secret']);
});

it("[http.errors-told] tells its owner of every failure that is this side's, and of none that is not", async () => {
  const told: unknown[] = [];
  const { mob, url } = await served({ onError: (error) => told.push(error) });
  const refused = new MobError('MOB_STORE_REFUSED', 'the disk is read-only');
  mob.queryMobEvents = () => Promise.reject(refused);
  expect((await fetch(`${url}/mobkit/mob_events/stream`)).status).toBe(500);
  mob.queryMobEvents = () => Promise.reject(new MobError('MOB_STORE_UNAVAILABLE', 'down'));
  expect((await fetch(`${url}/mobkit/mob_events/stream`)).status).toBe(503);
  const boot = new MobError('MOB_BOOTSTRAP_FAILED', 'half of it');
  const status = { jsonrpc: '2.0', id: 1, method: 'mobkit/status' };
  for (const failure of [boot, new TypeError('a mistake')]) {
    mob.status = () => Promise.reject(failure);
    expect(await (await call(url, status)).json()).toMatchObject({ error: { code: -32603 } });
    expect(told.pop()).toBe(failure);
  }
  expect(told).toEqual([refused]);
});

it('[http.errors-told] tells its owner what broke a stream, and of a request it cannot make', async () => {
  const told: unknown[] = [];
  const { listener, mob, url } = await served({ onError: (error) => told.push(error) });
  const broken = new Error('the log is gone');
  mob.agentEvents = () => {
    const items = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(broken) }) };
    return Object.assign(items as never, { takeReady: () => [], position: { epoch: 1, n: 0 } });
  };
  const reader = await EventReader.open(`${url}/mob/events`);
  await reader.untilEnd();
  expect(told).toEqual([broken]);
  const wrong = connect(listener.port, listener.host);
  wrong.end('GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n');
  const [answer] = (await once(wrong, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 400/);
  expect(told).toHaveLength(1);
});

it('[http.errors-told] tells its owner that the socket failed, and says so again when it is closed', async () => {
  const told: unknown[] = [];
  let server: Server | undefined;
  const seen = (message: unknown) =>
    void (server = (message as { socket: { server: Server } }).socket.server);
  subscribe('net.server.socket', seen);
  onTestFinished(() => void unsubscribe('net.server.socket', seen));
  const listener = await openListener({ onError: (error) => told.push(error) });
  await fetch(`${listener.url}/healthz`);
  const failure = new Error('too many open files');
  server?.emit('error', failure);
  expect(told).toEqual([failure]);
  await expect(listener.close()).rejects.toBe(failure);
});

it('[http.metrics] shows the loss ledger to Prometheus, and nothing without one', async () => {
  const { mob, url } = await served();
  const none = await fetch(`${url}/metrics`);
  expect([none.status, await none.text()]).toEqual([200, '']);
  const dropped = { overflow: 4, refused: 3, corrupt: 2, closed: 1 };
  const counts = {
    accepted: 40,
    recovered: 5,
    persisted: 20,
    duplicate: 3,
    filtered: 2,
    spilled: 7,
    buffered: 3,
  };
  mob.ingest = { ...counts, dropped, failing: { sinceMs: 1, error: 'down' } };
  const answer = await fetch(`${url}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await answer.text();
  expect(text.endsWith('\n')).toBe(true);
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('# HELP'));
  expect(samples).toEqual([
    '# TYPE mobkit_events_accepted_total counter',
    'mobkit_events_accepted_total 40',
    '# TYPE mobkit_events_recovered_total counter',
    'mobkit_events_recovered_total 5',
    '# TYPE mobkit_events_persisted_total counter',
    'mobkit_events_persisted_total 20',
    '# TYPE mobkit_events_duplicate_total counter',
    'mobkit_events_duplicate_total 3',
    '# TYPE mobkit_events_filtered_total counter',
    'mobkit_events_filtered_total 2',
    '# TYPE mobkit_events_dropped_total counter',
    'mobkit_events_dropped_total{reason="overflow"} 4',
    'mobkit_events_dropped_total{reason="refused"} 3',
    'mobkit_events_dropped_total{reason="corrupt"} 2',
    'mobkit_events_dropped_total{reason="closed"} 1',
    '# TYPE mobkit_events_spilled gauge',
    'mobkit_events_spilled 7',
    '# TYPE mobkit_events_buffered gauge',
    'mobkit_events_buffered 3',
    '# TYPE mobkit_event_log_failing gauge',
    'mobkit_event_log_failing 1',
  ]);
});

it('[http.metrics-archive] shows to Prometheus how far the archive is behind, and nothing that nobody knows', async () => {
  const { mob, url } = await served();
  const samples = async () =>
    (await (await fetch(`${url}/metrics`)).text()).split('\n').filter((line) => /^[^#]/.test(line));
  mob.archive = { archivedTo: 4, lastSeq: 9, behind: 5, behindMs: 1_500, refused: 1 };
  expect(await samples()).toEqual([
    'mobkit_archive_behind_events 5',
    'mobkit_archive_behind_seconds 1.5',
    'mobkit_archive_failing 0',
    'mobkit_archive_refused_total 1',
  ]);
  mob.archive = { refused: 0, failing: { sinceMs: 7, error: 'away' } };
  expect(await samples()).toEqual(['mobkit_archive_failing 1', 'mobkit_archive_refused_total 0']);
});
