import { expect, it } from 'vitest';

import { open, send, served } from '../test/support/open.js';

it('[http.host] answers only under the names of loopback with its own port', async () => {
  const { url, listener } = await served();
  const statuses: Record<string, number> = {};
  for (const host of [
    `localhost:${listener.port}`,
    `127.0.0.1:${listener.port}`,
    `[::1]:${listener.port}`,
    'localhost',
    `evil.example:${listener.port}`,
    `127.0.0.1:${listener.port + 1}`,
  ]) {
    statuses[host] = (await send(`${url}/healthz`, { headers: { host } })).status;
  }
  expect(Object.values(statuses)).toEqual([200, 200, 200, 421, 421, 421]);
});

it('[http.origin] refuses a page of another origin on every route, and lets its own pass', async () => {
  const { url, listener } = await served();
  for (const origin of [
    'http://evil.example',
    'null',
    'http://localhost:1',
    `https://127.0.0.1:${listener.port}`,
  ]) {
    for (const path of ['/healthz', '/rpc', '/mob/events', '/nothing']) {
      const { status, body } = await send(`${url}${path}`, { headers: { origin } });
      expect([origin, path, status, JSON.parse(body).error]).toEqual([
        origin,
        path,
        403,
        'origin_not_allowed',
      ]);
    }
  }
  const origin = `http://localhost:${listener.port}`;
  expect((await send(`${url}/healthz`, { headers: { origin } })).status).toBe(200);
});

it('[http.media-type] refuses an RPC that is not sent as JSON', async () => {
  const { url } = await served();
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'mobkit/status' });
  const statusOf = async (headers: Record<string, string>) =>
    (await send(`${url}/rpc`, { method: 'POST', headers, body })).status;
  expect(await statusOf({})).toBe(415);
  expect(await statusOf({ 'content-type': 'text/plain' })).toBe(415);
  expect(await statusOf({ 'content-type': 'application/x-www-form-urlencoded' })).toBe(415);
  expect(await statusOf({ 'content-type': 'Application/JSON; charset=utf-8' })).toBe(200);
});

it('[http.body-limit] refuses a body over 1 MiB, whether or not its length was announced', async () => {
  const { url } = await served();
  const headers = { 'content-type': 'application/json' };
  const body = ' '.repeat(1024 * 1024 + 1);
  const announced = await send(`${url}/rpc`, { method: 'POST', headers, body });
  const chunked = { ...headers, 'transfer-encoding': 'chunked' };
  const unannounced = await send(`${url}/rpc`, { method: 'POST', headers: chunked, body });
  expect([announced.status, unannounced.status]).toEqual([413, 413]);
  const largest = await send(`${url}/rpc`, { method: 'POST', headers, body: body.slice(1) });
  expect(JSON.parse(largest.body)).toMatchObject({ error: { code: -32700 } });
});

it('[http.unknown-route] answers 404 and 405 in JSON, with what is allowed', async () => {
  const { url } = await served();
  const unknown = await send(`${url}/nothing`);
  expect([unknown.status, JSON.parse(unknown.body).error]).toEqual([404, 'not_found']);
  const wrong = await send(`${url}/rpc`);
  expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'POST']);
  const head = await send(`${url}/mob/events`, { method: 'HEAD' });
  expect([head.status, head.headers['allow']]).toEqual([405, 'GET']);
});

it('[http.headers] tells browsers on every answer to keep and guess nothing', async () => {
  const listener = await open();
  for (const path of ['/healthz', '/rpc', '/nothing']) {
    const { headers } = await send(`${listener.url}${path}`);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  }
  const malformed = await send(`${listener.url}/healthz`, { headers: { host: 'a b' } });
  expect([malformed.status, malformed.headers['cache-control']]).toEqual([400, 'no-store']);
});

it('[http.fetch-site] refuses what a page of another site asks for without an Origin', async () => {
  const { url } = await served();
  const status = async (site: string) =>
    (await send(`${url}/healthz`, { headers: { 'sec-fetch-site': site } })).status;
  expect([await status('cross-site'), await status('same-site')]).toEqual([403, 403]);
  expect([await status('same-origin'), await status('none')]).toEqual([200, 200]);
});
