import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it, onTestFinished } from 'vitest';

import { type AppProcess, mobkit, startServer } from '../support/app-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const diPackage = fileURLToPath(new URL('../../packages/di/dist/index.js', import.meta.url));

interface Delivery {
  readonly delivery_id: string;
  readonly status: string;
  readonly attempts: readonly { readonly status: string }[];
}

/** Somewhere messages arrive: which did, by their delivery, and how each is answered. */
async function outside(answer: (response: ServerResponse) => void = (response) => response.end()) {
  const arrived: string[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    arrived.push(String(request.headers['x-delivery']));
    for (const wake of waiting) wake();
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    async arrivals(count: number) {
      while (arrived.length < count) await new Promise<void>((resolve) => waiting.add(resolve));
    },
  };
}

/**
 * A mob whose messages go through the sink `bridge`, which hands them to a URL; those to `twice` through `safe`, which does
 * the same, and of which the URL takes a repeated one as one.
 */
function writeBridgedMob(name: string, url: string): string {
  const directory = join(temporaryDirectory(), name);
  mkdirSync(directory);
  writeFileSync(join(directory, 'mob.toml'), `[mob]\nid = "${name}"\n\n[profiles.worker]\nmodel = "test"\n`);
  writeFileSync(
    join(directory, 'mobkit.config.mjs'),
    `import { tokens } from ${JSON.stringify(diPackage)};

const through = (name, idempotent) => ({
  name,
  idempotent,
  async deliver({ deliveryId }, { signal }) {
    await fetch(${JSON.stringify(url)}, { method: 'POST', headers: { 'x-delivery': deliveryId }, signal });
  },
});
const sinks = [through('bridge', false), through('safe', true)];

export const config = {
  routes: [
    { route_key: 'twice', recipient: 'twice', sink: 'safe' },
    { route_key: 'all', recipient: '*', sink: 'bridge' },
  ],
  plugins: [
    {
      name: 'bridge',
      register: (context) => sinks.forEach((sink) => context.contribute(tokens.deliverySinks, () => sink)),
    },
  ],
};
`,
  );
  return join(directory, 'mob.toml');
}

async function send(app: AppProcess, recipient: string, idempotencyKey: string): Promise<Delivery> {
  const limits = { rate_limit_per_minute: 1000 };
  const resolution = await app.rpc('mobkit/routing/resolve', { recipient, ...limits });
  return app.rpc('mobkit/delivery/send', { resolution, payload: 'Down', idempotency_key: idempotencyKey });
}

/** The outcome of a delivery, once it is told as an event. */
async function told(app: AppProcess, deliveryId: string): Promise<unknown> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  for (;;) {
    const events = await app.rpc<readonly { readonly event: { readonly payload?: Partial<Delivery> } }[]>(
      'mobkit/query_events',
      { event_types: ['send'] },
    );
    const found = events.find(({ event }) => event.payload?.delivery_id === deliveryId);
    if (found) return found.event.payload?.status;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('[delivery.killed] [delivery.killed-retried] tells truly what a SIGKILL cut short, and sends twice only what may be', async () => {
  let works = false;
  const there = await outside((response) => void (works && response.end()));
  const mob = writeBridgedMob('bridged', there.url);
  const state = join(temporaryDirectory(), 'state');
  const before = startServer([mob, '--state', state]);
  const cut = send(before, 'ops', 'k').catch(() => 'cut');
  await there.arrivals(1);
  void send(before, 'twice', 'k').catch(() => {});
  await there.arrivals(2);
  await before.kill();
  expect(await cut).toBe('cut');

  works = true;
  const after = startServer([mob, '--state', state]);
  const [toOps = '', toTwice = ''] = there.arrived;
  expect(await told(after, toOps)).toBe('unknown');
  expect(await told(after, toTwice)).toBe('sent');
  expect(await send(after, 'ops', 'k')).toMatchObject({
    delivery_id: toOps,
    status: 'unknown',
    attempts: [{ status: 'unknown' }],
  });
  expect(there.arrived).toEqual([toOps, toTwice, toTwice]);
  await sendsDeadLetterAgain(state, toOps);
  expect(there.arrived).toEqual([toOps, toTwice, toTwice, toOps]);
  await after.stop();
});

async function sendsDeadLetterAgain(state: string, deliveryId: string): Promise<void> {
  const listed = await mobkit(['deliveries', '--dead', '--state', state]);
  const line = `^\\S+Z ${deliveryId} unknown ops through bridge, 1 attempt \\| The process .* ended`;
  expect(listed.stdout).toMatch(new RegExp(line));
  const redriven = await mobkit(['deliveries', 'redrive', deliveryId, '--json', '--state', state]);
  expect(redriven.code).toBe(0);
  expect(JSON.parse(redriven.stdout)).toMatchObject({
    delivery_id: deliveryId,
    status: 'sent',
    attempts: [{}, {}],
  });
}
