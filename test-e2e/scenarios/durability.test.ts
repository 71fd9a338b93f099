import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const memory = (door: string) =>
  JSON.stringify(new URL(`../../plugins/store-memory/dist/${door}.js`, import.meta.url).href);

/** A mob whose store is what this expression makes; `tokens` is in reach. */
function mobOn(store: string): { readonly mob: string; readonly directory: string; readonly state: string } {
  const directory = temporaryDirectory();
  const mob = writeSlowMob(directory);
  const file = join(directory, 'mobkit.config.mjs');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nconfig.store = ${store};\n`);
  return { mob, directory, state: join(directory, 'state') };
}

interface Slot {
  readonly slot: string;
  readonly durability: string;
  readonly plugin: string;
  readonly kept_by?: string;
}

it('[door.require-durable] [door.card] [door.status] starts on a store that keeps nothing only when that is allowed, and says what will be gone', async () => {
  const { mob, state } = mobOn(`(await import(${memory('plugin')})).storeMemory()`);
  const args = [mob, '--state', state];
  const refused = await mobkit(['up', ...args, '--require-durable']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^mobkit: With --require-durable .*\n.*events.*schedules.*\(store-memory\)/);
  expect(refused.stderr).toContain('Take a durable store');
  expect((await mobkit(['up', ...args, '--require-durable', '--once', 'hello'])).code).toBe(1);
  expect(existsSync(state)).toBe(false);

  const server = startServer(args);
  const { level, msg, durability } = await server.line((line) => 'durability' in line);
  expect([level, msg]).toEqual([40, expect.stringMatching(/^Gone when this process ends: events, /)]);
  expect(await server.rpc('mobkit/status')).toMatchObject({ durability });
  expect(durability).toMatchObject({
    events: 'process lifetime',
    ledger: 'process lifetime',
    spool: 'durable',
  });
});

it('[door.require-durable] starts on a store that keeps everything', async () => {
  const state = ['--state', join(temporaryDirectory(), 'state')];
  const server = startServer(['--require-durable', ...state]);
  const { level, msg } = await server.line((line) => 'durability' in line);
  expect([level, msg]).toEqual([30, 'All that is kept is durable, in store-sqlite and event-spool']);
});

it('[door.require-durable-late] closes a store that says only when it is open that it keeps nothing', async () => {
  const { mob, directory, state } = mobOn(`{
    name: 'late',
    register: (context) =>
      context
        .provideResource({
          name: 'late',
          open: async () => (await import(${memory('index')})).openMemoryStores(),
          close: async (stores) => {
            await stores.close();
            (await import('node:fs')).writeFileSync(new URL('closed', import.meta.url), '');
          },
        })
        .fill(tokens.storage, (stores) => stores.storage)
        .fill(tokens.eventLogStore, (stores) => stores.eventLog)
        .fill(tokens.metadataStore, (stores) => stores.metadata),
  }`);
  const args = [mob, '--state', state];
  const listed = await mobkit(['plugins', ...args, '--json']);
  const card = (JSON.parse(listed.stdout) as { durability: readonly Slot[] }).durability;
  expect(card).toContainEqual({ slot: 'events', durability: 'unknown', plugin: 'late' });
  expect(existsSync(join(directory, 'closed'))).toBe(false);

  const refused = await mobkit(['up', ...args, '--require-durable', '--once', 'hello']);
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/With --require-durable.*\(late\)/s),
  });
  expect(existsSync(join(directory, 'closed'))).toBe(true);
});

it('[door.plugins-list] lists what is loaded, from where, who lost which slot to whom, and opens nothing', async () => {
  const { mob, directory, state } = mobOn(`(await import(${memory('plugin')})).storeMemory()`);
  const config = join(directory, 'mobkit.config.mjs');
  const router = `{ name: 'router-of-mine', register: (context) => context.provide(tokens.router, () => ({})) }`;
  writeFileSync(config, `${readFileSync(config, 'utf8')}\nconfig.plugins.push(${router});\n`);
  const listed = await mobkit(['plugins', mob, '--state', state, '--json']);
  const { plugins, durability } = JSON.parse(listed.stdout) as {
    plugins: readonly { name: string }[];
    durability: readonly Slot[];
  };
  const named = (name: string) => plugins.find((plugin) => plugin.name === name);
  expect(plugins.findIndex(({ name }) => name === 'store-memory')).toBeLessThan(
    plugins.findIndex(({ name }) => name === 'router-rules'),
  );
  expect(named('store-memory')).toMatchObject({
    from: { kind: 'config', path: config },
    holds: ['Storage', 'EventLogStore', 'PersistentMetadataStore'],
    supports: { durable: false, processes: 'one', cursor: 'strict' },
  });
  expect(named('router-rules')).toMatchObject({
    from: { kind: 'app', version: expect.stringMatching(/^\d+\./) },
    holds: [],
    lost: [{ slot: 'Router', to: 'router-of-mine' }],
  });
  expect(durability).toContainEqual({ slot: 'routes', durability: 'unknown', plugin: 'router-of-mine' });
  expect(durability).toContainEqual({
    slot: 'schedules',
    durability: 'process lifetime',
    plugin: 'scheduler',
    kept_by: 'store-memory',
  });
  const shown = await mobkit(['plugins', mob, '--state', state]);
  expect(shown.stdout).toContain('lost Router to router-of-mine');
  expect(shown.stdout).toMatch(/^gone when the process ends: events, .* \(store-memory\)$/m);
  expect(existsSync(state)).toBe(false);
});
