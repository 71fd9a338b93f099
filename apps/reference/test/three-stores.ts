import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Storage } from '@mobkit/core';
import { openMemoryStores } from '@mobkit/store-memory';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';
import { Client } from 'pg';
import { afterAll } from 'vitest';

interface OpenedStorage {
  readonly storage: Storage;
  /** Removes what was kept, too. */
  close(): Promise<void>;
}

interface NamedStorage {
  readonly name: string;
  open(): Promise<OpenedStorage>;
}

/** The storages of this workspace that records are tested on, each opened empty. Called once by a test file, at its top. */
export function threeStores(): readonly NamedStorage[] {
  let postgres: Promise<OpenedStorage> | undefined;
  afterAll(async () => (await postgres)?.close());
  return storages(async () => shared(await (postgres ??= openPostgres())));
}

/** The same, each opened as if for the first time: their logs begin at 1. */
export function threeNewStores(): readonly NamedStorage[] {
  return storages(openPostgres);
}

function storages(openThird: () => Promise<OpenedStorage>): readonly NamedStorage[] {
  return [
    { name: 'memory', open: () => openMemoryStores() },
    { name: 'sqlite', open: openSqlite },
    { name: 'postgres', open: openThird },
  ];
}

async function openSqlite(): Promise<OpenedStorage> {
  const directory = mkdtempSync(join(tmpdir(), 'mobkit-three-'));
  const stores = await openSqliteStores({ directory });
  return {
    storage: stores.storage,
    async close() {
      await stores.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** A schema takes longer to make than most tests: those of a file share one, one after the other, and each leaves it empty. */
function shared({ storage }: OpenedStorage): OpenedStorage {
  return {
    storage,
    async close() {
      const { logs, records: kept } = await storage.contents();
      for (const { definition, partitions } of logs) {
        for (const partition of partitions) await storage.log(definition, partition).prune({ keep: 0 });
      }
      for (const definition of kept) {
        const records = storage.records(definition);
        for (const { key } of (await records.list({ limit: 10_000 })).records) await records.delete(key);
      }
    },
  };
}

async function openPostgres(): Promise<OpenedStorage> {
  const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
  const schema = `three_${randomUUID().slice(0, 8)}`;
  const stores = await openPostgresStores({ connectionString, schema });
  return {
    storage: stores.storage,
    async close() {
      await stores.close();
      const client = new Client({ connectionString });
      await client.connect();
      await client.query(`drop schema "${schema}" cascade`);
      await client.end();
    },
  };
}
