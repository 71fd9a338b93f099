import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';

import { startTypescript } from '../../../test-e2e/support/typescript-process.js';

const connectionString = process.env['MOBKIT_TEST_POSTGRES_URL'] ?? '';
const program = new URL('support/sending-process.ts', import.meta.url);

/** Takes messages, and keeps which arrived. */
async function receiver() {
  const arrived: string[] = [];
  const server = createServer((request, response) => {
    const take = async () => {
      arrived.push(await text(request));
      response.end();
    };
    void take();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived };
}

it(
  '[delivery.two-processes] sends each key once, though two processes on one Postgres are asked for all of them',
  { timeout: 60_000 },
  async () => {
    const schema = `deliveries_${randomUUID().slice(0, 8)}`;
    onTestFinished(async () => {
      const client = new Client({ connectionString });
      await client.connect();
      await client.query(`drop schema if exists "${schema}" cascade`);
      await client.end();
    });
    const { url, arrived } = await receiver();
    const senders = await Promise.all(
      [0, 1].map(() => startTypescript(program, [connectionString, schema, url])),
    );
    const keys = Array.from({ length: 20 }, (_, n) => `key-${n}`);
    const answers = await Promise.all(
      senders.map(async (sender) => {
        const answer = once(sender, 'message');
        sender.send(keys);
        return ((await answer) as [string[]])[0];
      }),
    );
    const ids = new Set(answers.flat());
    expect(ids.size).toBe(keys.length);
    expect(arrived.toSorted()).toEqual([...ids].toSorted());
    const exits = senders.map((sender) => once(sender, 'exit'));
    for (const sender of senders) sender.disconnect();
    expect((await Promise.all(exits)).map(([code]) => code)).toEqual([0, 0]);
  },
);
