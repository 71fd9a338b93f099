import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ManualClock } from '@mobkit/contract-kit';
import { expect, it, onTestFinished, vi } from 'vitest';

import { BigQueryClient, type Call } from '../src/client/bigquery-client.js';
import { openBigQueryArchive } from '../src/events/open-events.js';
import { failed, type Scripted, scriptedServer, withTime } from './scripted-server.js';

const asking: Call = { doing: 'ask', method: 'GET', path: '/datasets/d' };
const said: Scripted = { json: { said: 'yes' } };
const cut: Scripted = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"said":');
  response.socket?.destroySoon();
};

it('[bigquery.token] sends a token that was given, and none to this machine unless it was', async () => {
  const server = await scriptedServer([said, said]);
  await (await server.client()).call(asking);
  await (await server.client({ accessToken: 'secret' })).call(asking);
  expect(server.received.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer secret']);
  expect(server.received[0]).toMatchObject({ method: 'GET', url: '/bigquery/v2/projects/p/datasets/d' });
});

/** A proxy that the environment names, which remembers where it was to connect to, and does not. */
async function namedProxy(): Promise<readonly string[]> {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    socket.destroy();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  vi.stubEnv('NO_PROXY', '');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    proxy.close();
  });
  return asked;
}

it('[bigquery.proxy] sends what is for Google through the proxy that the environment names', async () => {
  const asked = await namedProxy();
  const clock = new ManualClock();
  const { options } = await scriptedServer([]);
  const google = { ...options, apiEndpoint: 'https://bigquery.googleapis.com', accessToken: 'secret' };
  const client = await BigQueryClient.open(google, clock);
  const call = withTime(clock, client.call(asking));
  await expect(call).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  await client.close();
  expect(new Set(asked)).toEqual(new Set(['bigquery.googleapis.com:443']));
});

it('[bigquery.no-proxy] sends what is for this machine to this machine, although the environment names a proxy', async () => {
  const asked = await namedProxy();
  const server = await scriptedServer([said]);
  const client = await server.client({ accessToken: 'secret' });
  expect(await client.call(asking)).toEqual({ said: 'yes' });
  expect(asked).toEqual([]);
});

it('[bigquery.no-credentials] says what to do when there are none, and asks nobody', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/nowhere/key.json');
  const server = await scriptedServer([]);
  const opened = server.client({ apiEndpoint: 'https://bigquery.googleapis.com' });
  await expect(opened.finally(() => vi.unstubAllEnvs())).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: expect.stringMatching(/^missing BigQuery access token.*gcloud auth/) as string,
    details: { field: 'accessToken' },
  });
});

it.each([
  ['quota', failed(403, 'quotaExceeded')],
  ['a rate limit', failed(403, 'rateLimitExceeded')],
  ['too many requests', failed(429, 'rateLimitExceeded')],
  ['an overload', failed(503, 'backendError')],
  ['an answer that is cut', cut],
  ['a connection that is cut', (response) => void response.socket?.destroy()],
] as [string, Scripted][])('[bigquery.repeats] repeats after %s', async (_, first) => {
  const clock = new ManualClock();
  const server = await scriptedServer([first, first, said]);
  const client = await server.client({}, clock);
  expect(await withTime(clock, client.call(asking))).toEqual({ said: 'yes' });
  expect(server.received).toHaveLength(3);
});

it('[bigquery.gives-up] gives up after eight attempts, as unavailable, with the status and no secret', async () => {
  const clock = new ManualClock();
  const overloaded = failed(503, 'backendError', 'no room for Bearer secret');
  const server = await scriptedServer(Array.from({ length: 20 }, () => overloaded));
  const client = await server.client({ accessToken: 'secret' }, clock);
  const error: unknown = await withTime(clock, client.call(asking)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'MOB_STORE_UNAVAILABLE',
    retryable: true,
    message: expect.stringMatching(/could not ask: status 503, backendError, no room/) as string,
    details: { status: 503, server_reason: 'backendError' },
  });
  expect(server.received).toHaveLength(8);
  expect(String((error as Error).stack) + JSON.stringify(error)).not.toContain('secret');
});

it.each([
  [400, 'invalidQuery'],
  [401, 'authError'],
  [403, 'accessDenied'],
  [404, 'notFound'],
  [302, 'moved'],
])(
  '[bigquery.refused] asks once when the answer is %i %s, and does not go elsewhere',
  async (status, reason) => {
    const elsewhere = await scriptedServer([said]);
    const answer = { ...failed(status, reason), headers: { location: elsewhere.options.apiEndpoint ?? '' } };
    const server = await scriptedServer([answer, said]);
    const client = await server.client({ accessToken: 'secret' });
    await expect(client.call(asking)).rejects.toMatchObject({
      code: 'MOB_STORE_REFUSED',
      retryable: false,
      details: { status },
    });
    expect([server.received.length, elsewhere.received.length]).toEqual([1, 0]);
  },
);

it('[bigquery.timeout] ends a request that is not answered in time, and its connection', async () => {
  const clock = new ManualClock();
  let ended = false;
  const server = await scriptedServer([(response) => void response.on('close', () => (ended = true))]);
  const client = await server.client({ timeoutMs: 25 }, clock);
  const call = client.call(asking);
  await server.arrivals(1);
  clock.advance(25);
  await expect(call).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE', message: /within 25 ms/ });
  await expect.poll(() => ended).toBe(true);
  expect([client.inFlight, clock.waiting]).toEqual([0, 0]);
});

it('[bigquery.abort] ends a call whose signal is aborted, before it and while it is under way', async () => {
  const server = await scriptedServer([() => {}]);
  const client = await server.client();
  const abort = new AbortController();
  const writing = { ...asking, method: 'POST', body: '{}', signal: abort.signal } as const;
  const call = client.call(writing).catch((error: unknown) => error);
  await server.arrivals(1);
  abort.abort(new Error('enough'));
  expect(await call).toMatchObject({ message: 'enough' });
  await expect(client.call(writing)).rejects.toThrow('enough');
  expect([client.inFlight, server.received.length]).toEqual([0, 1]);
});

it('[bigquery.close] waits for what is under way, repeats it no more, aborts it when it is late', async () => {
  const clock = new ManualClock();
  const server = await scriptedServer([failed(503, 'backendError'), () => {}]);
  const client: BigQueryClient = await server.client({}, clock);
  const failure = (call: Promise<unknown>) => call.catch((error: unknown) => error);
  const repeated = failure(client.call(asking));
  await server.arrivals(1);
  const hanging = failure(client.call({ ...asking, method: 'POST', body: '{}' }));
  await server.arrivals(2);
  expect(client.inFlight).toBe(2);
  const closed = client.close();
  await expect(client.call(asking)).rejects.toThrow(TypeError);
  expect(await repeated).toMatchObject({ code: 'MOB_STORE_UNAVAILABLE', details: { status: 503 } });
  clock.advance(10_000);
  expect(await hanging).toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  await Promise.all([closed, client.close()]);
  expect([client.inFlight, clock.waiting, server.received.length]).toEqual([0, 0, 2]);
});

it('[bigquery.open-given-up] gives up opening at once when it is told to, and holds nothing', async () => {
  const clock = new ManualClock();
  let ended = false;
  const server = await scriptedServer([(response) => void response.on('close', () => (ended = true))]);
  const giveUp = new AbortController();
  const opening = openBigQueryArchive({ ...server.options, signal: giveUp.signal }, clock);
  const failure = opening.catch((error: unknown) => error);
  await server.arrivals(1);
  giveUp.abort();
  expect(await failure).toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  await expect.poll(() => ended).toBe(true);
  expect([clock.waiting, server.received.length]).toEqual([0, 1]);
});
