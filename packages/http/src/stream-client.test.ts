import { setImmediate } from 'node:timers/promises';

import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { MAX_BUFFERED_BYTES, StreamClient } from './stream-client.js';

function newClient() {
  const clock = new ManualClock();
  let gone = 0;
  const client = new StreamClient({ clock, onGone: () => (gone += 1) });
  return { clock, client, gone: () => gone };
}

it('[http.slow-client] keeps exactly 1 MiB for a client that does not read, then fails its stream', async () => {
  const { client, gone, clock } = newClient();
  client.write(new Uint8Array(MAX_BUFFERED_BYTES));
  expect(gone()).toBe(0);
  client.write(new Uint8Array(1));
  expect([gone(), clock.waiting]).toEqual([1, 0]);
  await expect(client.body.getReader().read()).rejects.toThrow('too slow');
});

it('[http.joined] joins what comes within 15 ms of a write into the next', async () => {
  const { client, clock } = newClient();
  const reader = client.body.getReader();
  client.write(new Uint8Array(1));
  expect((await reader.read()).value).toHaveLength(1);
  const second = reader.read();
  await setImmediate();
  for (let i = 0; i < 100; i += 1) client.write(new Uint8Array(2));
  clock.advance(15);
  expect((await second).value).toHaveLength(200);
});

it('[http.joined] writes at once what is large enough not to wait for more', async () => {
  const { client, clock } = newClient();
  const reader = client.body.getReader();
  client.write(new Uint8Array(1));
  expect((await reader.read()).value).toHaveLength(1);
  const second = reader.read();
  client.write(new Uint8Array(2));
  expect(clock.waiting).toBe(1);
  client.write(new Uint8Array(70_000));
  expect((await second).value).toHaveLength(70_002);
});

it('sends what waits before it ends, and takes nothing after', async () => {
  const { client, gone, clock } = newClient();
  client.write(new Uint8Array(3));
  client.end();
  client.write(new Uint8Array(5));
  const reader = client.body.getReader();
  expect((await reader.read()).value).toHaveLength(3);
  expect(await reader.read()).toMatchObject({ done: true });
  expect([gone(), clock.waiting]).toEqual([1, 0]);
});

it('[http.large-frame] lets a frame of any size through to a client that is not behind', async () => {
  const { client, gone } = newClient();
  client.write(new Uint8Array(40));
  client.write(new Uint8Array(MAX_BUFFERED_BYTES + 1));
  expect(gone()).toBe(0);
  expect((await client.body.getReader().read()).value).toHaveLength(MAX_BUFFERED_BYTES + 41);
});
