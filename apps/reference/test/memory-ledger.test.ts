import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeMemoryLedger } from '@mobkit/contract-kit';
import type { Storage } from '@mobkit/core';
import { openMemoryLedger } from '@mobkit/memory-ledger';
import { openMemoryStores } from '@mobkit/store-memory';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';
import { Client } from 'pg';
import { expect, it } from 'vitest';

const maxAssertions = 12;
const ledgerOn = (storage: Storage) => openMemoryLedger({ storage, maxAssertions });

describeMemoryLedger({
  name: 'memory',
  maxAssertions,
  async open() {
    const { storage, close } = await openMemoryStores();
    return { ledger: await ledgerOn(storage), another: () => ledgerOn(storage), close };
  },
});

describeMemoryLedger({
  name: 'sqlite',
  maxAssertions,
  async open() {
    const directory = mkdtempSync(join(tmpdir(), 'mobkit-ledger-'));
    const stores = await openSqliteStores({ directory });
    return {
      ledger: await ledgerOn(stores.storage),
      another: () => ledgerOn(stores.storage),
      async close() {
        await stores.close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  },
});

describeMemoryLedger({
  name: 'postgres',
  maxAssertions,
  async open() {
    const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
    const schema = `ledger_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
    const open = () => openPostgresStores({ connectionString, schema });
    const opened = [await open()];
    return {
      ledger: await ledgerOn(opened[0]!.storage),
      async another() {
        const stores = await open();
        opened.push(stores);
        return ledgerOn(stores.storage);
      },
      async close() {
        for (let stores = opened.pop(); stores; stores = opened.pop()) await stores.close();
        const client = new Client({ connectionString });
        await client.connect();
        await client.query(`drop schema if exists "${schema}" cascade`);
        await client.end();
      },
    };
  },
});

it('[memory.restart] is on disk when a request has been answered', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mobkit-ledger-'));
  const first = await openSqliteStores({ directory });
  const about = { entity: 'checkout', topic: 'status' };
  await (await ledgerOn(first.storage)).index({ ...about, fact: 'down', conflict: true });
  await first.close();
  const second = await openSqliteStores({ directory });
  const ledger = await ledgerOn(second.storage);
  expect(await ledger.query()).toMatchObject({
    assertions: [{ ...about, fact: 'down' }],
    conflicts: [about],
  });
  expect(await ledger.index({ ...about, fact: 'up' })).toMatchObject({ assertionId: 'memory-assert-000001' });
  await second.close();
  rmSync(directory, { recursive: true });
});
