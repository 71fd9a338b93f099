import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeGate, type GateParts } from '@mobkit/contract-kit';
import { openGate } from '@mobkit/gating';
import { openMemoryStores } from '@mobkit/store-memory';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';
import { Client } from 'pg';

const gate = (parts: GateParts) => openGate(parts);

describeGate({ name: 'memory', open: () => openMemoryStores(), gate });

describeGate({
  name: 'sqlite',
  async open() {
    const directory = mkdtempSync(join(tmpdir(), 'mobkit-gate-'));
    const stores = await openSqliteStores({ directory });
    return {
      storage: stores.storage,
      async close() {
        await stores.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
  gate,
});

describeGate({
  name: 'postgres',
  async open() {
    const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
    const schema = `gate_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
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
  },
  gate,
});
