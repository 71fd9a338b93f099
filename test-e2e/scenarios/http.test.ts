import { request } from 'node:http';

import { expect, it } from 'vitest';

import { type AppProcess, startServer } from '../support/app-process.js';
import { readFrames } from '../support/event-stream.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

async function start(): Promise<{ app: AppProcess; url: string }> {
  const app = startServer(['--state', temporaryDirectory()]);
  return { app, url: await app.url() };
}

it('[app.streams] gives agent, mob and structural events as streams that resume', async () => {
  const { app, url } = await start();
  await app.rpc('mobkit/send_message', { member_id: 'lead', message: 'Checkout answers 500' });
  for (const [path, first, id] of [
    ['/mob/events', 'mob:0.0', /^mob:1\.\d+$/],
    ['/agents/lead/events', 'lead:0.0', /^lead:1\.\d+$/],
    ['/mobkit/mob_events/stream', 'mob-evt-0', /^mob-evt-\d+$/],
  ] as const) {
    const whole = await readFrames(`${url}${path}`, (frames) => frames.length >= 8, first);
    expect(whole.every((frame) => id.test(frame.id ?? ''))).toBe(true);
    const rest = await readFrames(`${url}${path}`, (frames) => frames.length >= 5, whole[2]?.id);
    expect(rest.slice(0, 5)).toEqual(whole.slice(3, 8));
  }
});

it('[app.stale] answers 410 to a cursor the log never reached', async () => {
  const { url } = await start();
  for (const [path, id] of [
    ['/mob/events', 'mob:9.9'],
    ['/agents/lead/events', 'lead:1.999999'],
    ['/mobkit/mob_events/stream', 'mob-evt-9999'],
  ] as const) {
    const response = await fetch(`${url}${path}`, { headers: { 'last-event-id': id } });
    expect([path, response.status]).toEqual([path, 410]);
    expect(await response.json()).toMatchObject({ error: 'event_query_stale' });
  }
});

it('[app.foreign] refuses pages of another origin and foreign host names', async () => {
  const { url } = await start();
  const { port } = new URL(url);
  const status = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port, path: '/mob/events', headers }, (response) => {
        response.destroy();
        resolve(response.statusCode);
      });
      asking.on('error', reject).end();
    });
  expect(await status({ origin: 'https://evil.example' })).toBe(403);
  expect(await status({ host: 'evil.example' })).toBeGreaterThanOrEqual(400);
  expect(await status({ host: `localhost:${port}` })).toBe(200);
});

it('[app.ready] is ready when it says where it listens', async () => {
  const { url } = await start();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});
