import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeMob, type MobEngineParts } from '@mobkit/contract-kit';
import { createMobEngine } from '@mobkit/mob';
import { openMemoryStores } from '@mobkit/store-memory';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';
import { Client } from 'pg';

const engine = (parts: MobEngineParts) => createMobEngine({ ...parts, allowEphemeralSessions: true });

describeMob({ name: 'memory', open: () => openMemoryStores(), engine });

describeMob({
  name: 'sqlite',
  async open() {
    const directory = mkdtempSync(join(tmpdir(), 'mobkit-mob-'));
    const stores = await openSqliteStores({ directory });
    return {
      storage: stores.storage,
      async close() {
        await stores.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
  engine,
});

describeMob({
  name: 'postgres',
  async open() {
    const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
    const schema = `mob_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
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
  engine,
});
