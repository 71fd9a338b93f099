import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeRouter, type RouterParts } from '@mobkit/contract-kit';
import { openRulesRouter } from '@mobkit/router-rules';
import { openMemoryStores } from '@mobkit/store-memory';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';

const router = ({ fixed, ...parts }: RouterParts) => openRulesRouter({ ...parts, routes: fixed });

describeRouter({ name: 'memory', open: () => openMemoryStores(), router });

describeRouter({
  name: 'sqlite',
  async open() {
    const directory = mkdtempSync(join(tmpdir(), 'mobkit-router-'));
    const { storage, close } = await openSqliteStores({ directory });
    return {
      storage,
      async close() {
        await close();
        rmSync(directory, { recursive: true });
      },
    };
  },
  router,
});

const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
const schema = `router_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
const client = new Client({ connectionString });
let stores: Awaited<ReturnType<typeof openPostgresStores>> | undefined;

beforeAll(async () => {
  await client.connect();
  stores = await openPostgresStores({ connectionString, schema });
});
afterAll(async () => {
  await stores?.close();
  await client.query(`drop schema if exists "${schema}" cascade`);
  await client.end();
});

describeRouter({
  name: 'postgres',
  async open() {
    if (!stores) throw new Error('Postgres could not be opened');
    const { storage } = stores;
    // One schema, emptied: opening one for each test takes longer than the tests.
    return {
      storage,
      async close() {
        await client.query(`truncate "${schema}".routes, "${schema}".routing_keys`);
      },
    };
  },
  reopen: () => openPostgresStores({ connectionString, schema }),
  router,
});
