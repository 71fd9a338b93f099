import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Storage } from '@mobkit/core';
import { assemble, type MobPlugin, tokens } from '@mobkit/di';
import { parseMobDefinition } from '@mobkit/mob';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it, onTestFinished } from 'vitest';

import { NO_CONFIG } from '../config/app-config.js';
import { silentTell } from '../parts/silent-tell.js';
import { plugins } from '../plugins.js';

it('[door.card-true] has every part that says it keeps what it has in the storage make room there', async () => {
  const state = mkdtempSync(join(tmpdir(), 'mobkit-card-'));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const prepared = new Map<string, string[]>();
  let opening = '';
  const seen = (storage: Storage): Storage => ({
    supports: storage.supports,
    prepare(definitions) {
      prepared.set(opening, [...(prepared.get(opening) ?? []), ...definitions.map(({ name }) => name)]);
      return storage.prepare(definitions);
    },
    log: (...given) => storage.log(...given),
    records: (...given) => storage.records(...given),
    contents: () => storage.contents(),
    commit: (write) => storage.commit(write),
  });
  const store: MobPlugin = {
    name: 'seen',
    register: (context) =>
      void context
        .provideResource({ name: 'seen', open: () => openMemoryStores(), close: (stores) => stores.close() })
        .fill(tokens.storage, ({ storage }) => seen(storage))
        .fill(tokens.eventLogStore, ({ eventLog }) => eventLog)
        .fill(tokens.metadataStore, ({ metadata }) => metadata),
  };
  /** The same plugin; while something of it opens, it is known which. */
  const watched = (plugin: MobPlugin): MobPlugin => ({
    name: plugin.name,
    register: (context) =>
      plugin.register({
        ...context,
        provideResource: (resource) =>
          context.provideResource({
            ...resource,
            open: () => ((opening = plugin.name), resource.open()),
          }),
      }),
  });
  const { definition } = parseMobDefinition('[mob]\nid = "m"\n[profiles.p]\nmodel = "scripted"\n', {
    format: 'toml',
  });
  if (!definition) throw new Error('The definition is none');
  const config = { ...NO_CONFIG, store, plugins: [] };
  const app = assemble(plugins({ config, definition, state, tell: silentTell }).map(watched));
  await app.start();
  onTestFinished(() => app.stop());

  const keepers = app.claims().filter(({ keepsIn }) => keepsIn === tokens.storage);
  const names = [...new Set(keepers.map(({ plugin }) => plugin))];
  expect(names).toContain('scheduler');
  // The engine is made by the runtime as that opens, and its ledger with it.
  const idle = names.filter((name) => name !== 'mob-engine' && !prepared.has(name));
  expect(idle).toEqual([]);
  expect(prepared.get('unified-runtime')).toEqual(expect.arrayContaining(['mob_ledger', 'stream_epochs']));
});
