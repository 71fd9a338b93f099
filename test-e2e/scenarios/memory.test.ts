import { join } from 'node:path';

import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

it('[memory.command] keeps facts and conflicts of a running mob over a killed server, until somebody resolves them', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  const mob = writeSlowMob(directory);
  const memory = (...args: readonly string[]) => mobkit(['memory', ...args, '--state', state]);
  const first = startServer([mob, '--state', state]);
  await first.url();
  expect(await memory('index', 'Checkout', 'status', 'It is up')).toMatchObject({
    code: 0,
    stdout: 'memory-assert-000000: checkout / status\n',
  });
  await memory('index', 'checkout', 'status', 'It is down', '--in', 'timeline', '--conflict', 'two say');
  expect(await memory('index', 'checkout', 'status', 'x', '--in', 'archive')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("store 'archive' is unsupported") as string,
  });
  await first.kill();

  const second = startServer([mob, '--state', state]);
  await second.url();
  const [found, conflicts] = await Promise.all([memory('query', 'DOWN'), memory('conflicts')]);
  expect(found.stdout).toBe('memory-assert-000001 checkout / status (timeline): It is down\n');
  expect(conflicts.stdout).toMatch(/^checkout \/ status \(timeline\), \S+Z: two say\n$/);
  const resolved = await memory('resolve', 'checkout', 'status', '--by', 'ann', '--reason', 'I looked');
  expect(resolved).toMatchObject({ code: 0, stdout: expect.stringMatching(/^resolved: checkout/) as string });
  const [again, deleted] = await Promise.all([
    memory('resolve', 'checkout', 'status'),
    memory('delete', 'memory-assert-000001', '--by', 'bob', '--json'),
  ]);
  expect([again.code, deleted.stdout]).toEqual([1, '{"deleted":"memory-assert-000001"}\n']);
  const [changes, stores] = await Promise.all([memory('changes'), memory('stores', '--json')]);
  expect(changes.stdout).toMatch(
    /^\S+Z checkout \/ status \(timeline\) conflict resolved by ann: I looked\n\S+Z .* deleted by bob\n$/,
  );
  expect(stores.stdout.split('\n')[0]).toBe('{"store":"knowledge_graph","record_count":1}');
});
