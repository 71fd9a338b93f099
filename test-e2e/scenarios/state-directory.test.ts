import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

it('[app.one-owner] refuses a second process within a second, and admits the next after SIGKILL', async () => {
  const state = temporaryDirectory();
  const owner = startServer(['--state', state]);
  await owner.url();
  const askedMs = performance.now();
  const second = await mobkit(['up', '--state', state, '--port', '0']);
  expect(performance.now() - askedMs).toBeLessThan(3_000);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(state);
  await owner.kill();
  const next = startServer(['--state', state]);
  expect(await next.url()).toMatch(/^http:/);
});

it('[app.private] keeps the state directory and its files to their owner', async () => {
  const state = join(temporaryDirectory(), 'state');
  const app = startServer(['--state', state]);
  await app.url();
  expect(statSync(state).mode & 0o777).toBe(0o700);
  for (const name of ['mobkit.sqlite3', 'mobkit.sqlite3-wal', 'server.json']) {
    expect([name, statSync(join(state, name)).mode & 0o777]).toEqual([name, 0o600]);
  }
});

it('[app.definition-changed] refuses a changed mob.toml with the difference and the two ways out', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  const file = writeSlowMob(directory);
  const once = ['up', file, '--state', state, '--once', 'hello'];
  expect((await mobkit(once)).code).toBe(0);
  writeFileSync(file, `${await readText(file)}\n[skills.tone]\nsource = "inline"\ncontent = "Be brief."\n`);
  const changed = await mobkit(once);
  expect(changed.code).toBe(1);
  expect(changed.stderr).toContain('skills');
  expect(changed.stderr).toContain('--state');
  expect(changed.stderr).toContain(state);
});

it('[app.state-unusable] says which directory cannot be used', async () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  const inFile = await mobkit(['up', '--state', join(file, 'state'), '--port', '0']);
  expect(inFile.code).toBe(1);
  expect(inFile.stderr).toContain(join(file, 'state'));
});

async function readText(file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(file, 'utf8');
}
