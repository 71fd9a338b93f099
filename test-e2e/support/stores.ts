import { randomBytes } from 'node:crypto';

import { Client } from 'pg';
import { onTestFinished } from 'vitest';

/** What the app may keep everything in; what it promises is tried on each. */
export const stores = ['SQLite', 'Postgres'] as const;

/** The environment in which the app keeps everything in a store of the running test's own, gone when it is finished. */
export function storeEnvironment(store: (typeof stores)[number]): NodeJS.ProcessEnv {
  return store === 'SQLite' ? {} : { MOBKIT_STORE: postgresAddress() };
}

/** The address of a schema of the running test's own, dropped when it is finished. */
export function postgresAddress(): string {
  const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'];
  if (!connectionString) throw new Error('MOBKIT_TEST_POSTGRES_URL is not set: postgres-server.ts sets it');
  const schema = `app_${randomBytes(6).toString('hex')}`;
  onTestFinished(async () => {
    const client = new Client({ connectionString });
    await client.connect();
    await client.query(`drop schema if exists ${schema} cascade`);
    await client.end();
  });
  const address = new URL(connectionString);
  address.searchParams.set('schema', schema);
  return address.href;
}
