import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

import { entry } from '@mobkit/contract-kit';
import { openPostgresStores } from '@mobkit/store-postgres';
import { expect, it, onTestFinished } from 'vitest';

import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();
const log = { kind: 'log', name: 'test_log', fields: {} } as const;

it('[postgres.commit-cut] does not know whether a commit went through that was cut off before its answer', async () => {
  const address = await cutAfter('commit');
  const stores = await openPostgresStores({ connectionString: address, schema: freshSchema() });
  onTestFinished(() => stores.close());
  await stores.storage.prepare([log]);
  cutting = true;
  const write = { appends: [{ log, entries: [entry('a')] }] };
  const cut = stores.storage.commit(write);
  await expect(cut).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE', retryable: true });
  // It did go through, and doing it again does no harm.
  const again = await stores.storage.commit(write);
  expect(again.appended).toEqual([{ stored: 0, duplicates: ['a'], lastSeq: 1 }]);
});

let cutting = false;

/** Stands before the server. Once it is cutting, it passes on the next such statement, and ends both sides at the answer. */
async function cutAfter(statement: string): Promise<string> {
  const { hostname, port } = new URL(connectionString);
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    let cut = false;
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.on('data', (data) => {
        if (cut && from === server) return from.destroy();
        if (cutting && from === client && data.includes(`${statement}\0`)) {
          cut = true;
          cutting = false;
        }
        to.write(data);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  const address = new URL(connectionString);
  address.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return address.href;
}
