import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { assemble, type MobPlugin, tokens } from '@mobkit/di';
import { parseMobDefinition } from '@mobkit/mob';
import { openMemoryStores } from '@mobkit/store-memory';
import { storeMemory } from '@mobkit/store-memory/plugin';
import { ownDirectory } from '@mobkit/store-sqlite';
import { expect, it, onTestFinished } from 'vitest';

import { NO_CONFIG } from '../config/app-config.js';
import { silentTell } from '../parts/silent-tell.js';
import { plugins } from '../plugins.js';

const { definition } = parseMobDefinition('[mob]\nid = "m"\n[profiles.p]\nmodel = "scripted"\n', {
  format: 'toml',
});

/** Starts the app on a store that a config named. */
async function startOn(store: MobPlugin) {
  if (!definition) throw new Error('The definition is none');
  const state = mkdtempSync(join(tmpdir(), 'mobkit-store-'));
  onTestFinished(() => rmSync(state, { recursive: true }));
  mkdirSync(state, { recursive: true });
  const app = assemble(
    plugins({ config: { ...NO_CONFIG, store, plugins: [] }, definition, state, tell: silentTell }),
  );
  await app.start();
  onTestFinished(() => app.stop());
  const holderOf = (name: 'eventLogStore' | 'storage') =>
    app.claims().findLast(({ token }) => token === tokens[name])?.holder;
  return { state, holderOf };
}

it('[door.one-contract] leaves to the default store what a store of one contract does not fill', async () => {
  const events: MobPlugin = {
    name: 'events-alone',
    register: (context) =>
      void context
        .provideResource({
          name: 'events-alone',
          open: () => openMemoryStores(),
          close: (opened) => opened.close(),
        })
        .fill(tokens.eventLogStore, ({ eventLog }) => eventLog),
  };
  const { state, holderOf } = await startOn(events);
  expect([holderOf('eventLogStore'), holderOf('storage')]).toEqual(['events-alone', 'store-sqlite']);
  expect(() => ownDirectory(state)).toThrow(expect.objectContaining({ code: 'MOB_STORE_LOCKED' }));
});

it('[door.one-contract] opens no default store beside one that fills everything, and owns the state directory all the same', async () => {
  const { state, holderOf } = await startOn(storeMemory());
  expect([holderOf('eventLogStore'), holderOf('storage')]).toEqual(['store-memory', 'store-memory']);
  expect(existsSync(join(state, 'mobkit.sqlite3'))).toBe(false);
  expect(() => ownDirectory(state)).toThrow(expect.objectContaining({ code: 'MOB_STORE_LOCKED' }));
});
