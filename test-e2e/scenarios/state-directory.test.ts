import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { appMain, mobkit, startServer } from '../support/app-process.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

it('[app.one-owner] refuses a second process by name, and admits the next after SIGKILL', async () => {
  const state = temporaryDirectory();
  const owner = startServer(['--state', state]);
  await owner.url();
  const second = await mobkit(['up', '--state', state, '--port', '0']);
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
  writeFileSync(
    file,
    `${readFileSync(file, 'utf8')}\n[skills.tone]\nsource = "inline"\ncontent = "Be brief."\n`,
  );
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

it('[app.state-full] names the directory that has no room, and leaves nothing torn', async () => {
  const state = join(temporaryDirectory(), 'state');
  const command = [process.execPath, appMain, 'up', '--state', state, '--once', 'hello'];
  // Files may not grow beyond 16 KiB: the first tables do not fit.
  const full = spawnSync('bash', ['-c', 'ulimit -f 16; exec "$@"', 'bash', ...command], { encoding: 'utf8' });
  expect(full).toMatchObject({ status: 1, stdout: '' });
  expect(full.stderr).toContain(state);
  const roomy = await mobkit(['up', '--state', state, '--once', 'hello']);
  expect(roomy.code).toBe(0);
});

it('[app.state-own] takes a directory that is there from others when it is empty, and warns when it is not', async () => {
  const empty = temporaryDirectory();
  chmodSync(empty, 0o755);
  await mobkit(['up', '--state', empty, '--once', 'hello']);
  expect(statSync(empty).mode & 0o777).toBe(0o700);
  chmodSync(empty, 0o755);
  const warned = await mobkit(['up', '--state', empty, '--once', 'hello']);
  expect(warned.stderr).toContain(`chmod 700`);
  expect(statSync(empty).mode & 0o777).toBe(0o755);
});

it('[app.state-unmakeable] ends where a directory cannot be made although its parent is there', async () => {
  // On Linux /proc takes none and says that the new one is missing; elsewhere there is no /proc to take one.
  const refused = await mobkit(['up', '--state', '/proc/mobkit', '--port', '0']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('/proc/mobkit');
});
