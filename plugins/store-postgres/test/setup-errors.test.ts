import { inspect } from 'node:util';

import { openPostgresStores } from '@mobkit/store-postgres';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';

import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();
const PASSWORD = 'dont-print-me';

it('[postgres.setup-errors] says what to do about a wrong password, an unknown database and a missing right, and never prints a password', async () => {
  const user = await lowlyUser();
  const url = (change: (address: URL) => void) => {
    const address = new URL(connectionString);
    address.username = user;
    address.password = PASSWORD;
    change(address);
    return address.href;
  };
  const cases: readonly [string, string, string][] = [
    [url((to) => (to.password = 'wrong-one')), 'MOB_STORE_REFUSED', 'password is not the one of this user'],
    [url((to) => (to.pathname = '/nowhere')), 'MOB_STORE_REFUSED', 'there is no such database'],
    [url(() => {}), 'MOB_STORE_REFUSED', 'needs CREATE on the database'],
    [`postgres://${user}:${PASSWORD}@host:no-port/db`, 'MOB_CONFIG_INVALID', 'postgres://user:password@host'],
  ];
  for (const [wrong, code, said] of cases) {
    const error: unknown = await openPostgresStores({ connectionString: wrong, schema: freshSchema() }).catch(
      (failure: unknown) => failure,
    );
    expect(error).toMatchObject({ code, retryable: false, message: expect.stringContaining(said) as string });
    const printed = inspect(error, { depth: 9, showHidden: true });
    expect(printed).not.toContain(PASSWORD);
    expect(printed).not.toContain('wrong-one');
  }
});

/** A user who may log in, and nothing else. */
async function lowlyUser(): Promise<string> {
  const name = freshSchema();
  const client = new Client(connectionString);
  await client.connect();
  await client.query(`create role ${name} login password '${PASSWORD}'`);
  onTestFinished(async () => {
    await client.query(`drop role ${name}`);
    await client.end();
  });
  return name;
}
