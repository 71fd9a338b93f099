import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from 'pg';
import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { Program } from '../support/program.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { postgresAddress } from '../support/stores.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const built = (path: string) => new URL(`../../${path}/dist/index.js`, import.meta.url).href;

/** Adds a line to the config of a mob. */
function configure(directory: string, line: string): void {
  const file = join(directory, 'mobkit.config.mjs');
  const begin = 'export const config = {';
  writeFileSync(file, readFileSync(file, 'utf8').replace(begin, `${begin}\n  ${line},`));
}

const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '');

it('[app.store] takes the store from the flag, then the environment, then the config', async () => {
  const directory = temporaryDirectory();
  const [flag, environment, config] = [postgresAddress(), postgresAddress(), postgresAddress()];
  const mob = writeSlowMob(directory);
  configure(directory, `store: ${JSON.stringify(config)}`);
  const state = ['--state', join(directory, 'state')];
  const env = { MOBKIT_STORE: environment };
  const asked = [
    await mobkit(['up', mob, '--once', 'to flag', '--store', flag, ...state], { env }),
    await mobkit(['up', mob, '--once', 'to environment', ...state], { env }),
    await mobkit(['up', mob, '--once', 'to config', ...state]),
  ];
  expect(asked.map(({ code }) => code)).toEqual([0, 0, 0]);
  const kept = async (store: string) =>
    (await mobkit(['events', '--json', '--store', store, ...state])).stdout;
  expect(await kept(flag)).toContain('to flag');
  expect(await kept(environment)).toContain('to environment');
  expect(await kept(config)).toContain('to config');
  // From where `up` would find that config.
  const members = await mobkit(['members', ...state], { cwd: directory });
  expect(members.stdout).toMatch(/^one /);
});

it('[app.store] names what is taken when a store is none', async () => {
  for (const [args, env] of [
    [['up', '--store', 'mysql://me:hunter2@db/x'], {}],
    [['events', '--store', './directory'], {}],
    [['members'], { MOBKIT_STORE: 'redis://me:hunter2@db' }],
    [['export', '--store', 'postgres://me:hunter2@/#?:x'], {}],
    [['import', '-', '--store', 'postgres://db/x?schema=Big'], {}],
  ] as const) {
    const wrong = await mobkit(args, { env });
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/postgres:\/\/|schema/);
    expect(wrong.stderr).not.toContain('hunter2');
  }
});

it('[app.store-mistyped] creates no schema where there is none to read, and names the one that was asked for', async () => {
  const address = new URL(postgresAddress());
  address.searchParams.set('schema', 'never_made');
  const state = ['--state', temporaryDirectory(), '--store', address.href];
  for (const command of [['events'], ['events', '--dead'], ['members'], ['export']]) {
    const read = await mobkit([...command, ...state]);
    expect(read).toMatchObject({ code: 1, stdout: '' });
    expect(read.stderr).toContain('There is no schema "never_made" to read: name one that has been in use');
  }
  const client = new Client(address.href);
  await client.connect();
  const { rows } = await client.query(`select from pg_namespace where nspname = 'never_made'`);
  await client.end();
  expect(rows).toEqual([]);
});

it('[app.store-secret] shows no password, whether the database is there or not', async () => {
  const address = new URL(postgresAddress());
  const { password } = address;
  expect(password).not.toBe('');
  const env = { MOBKIT_STORE: address.href };
  const state = temporaryDirectory();
  const app = startServer(['--state', state], env);
  const { msg } = await app.line((line) => line.msg.includes('are kept by'));
  expect(msg).toContain(`kept by postgres://${address.username}@`);
  const { stdout, stderr, code } = await app.stop();
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain(password);
  address.port = '1';
  const gone = await mobkit(['up', '--state', state, '--port', '0'], { env: { MOBKIT_STORE: address.href } });
  expect(gone.code).toBe(1);
  expect(gone.stdout + gone.stderr).not.toContain(password);
  const unknown = await mobkit(['events', address.href]);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).not.toContain(password);
});

it('[app.store-owner] refuses a second process on a state directory whose store is Postgres', async () => {
  const directory = temporaryDirectory();
  const mob = writeSlowMob(directory);
  // Which has a lock of its own.
  configure(directory, 'event_log: { spool: false }');
  const args = [mob, '--state', join(directory, 'state')];
  const env = { MOBKIT_STORE: postgresAddress() };
  const owner = startServer(args, env);
  await owner.url();
  for (const other of [env, { MOBKIT_STORE: postgresAddress() }, {}]) {
    const second = await mobkit(['up', ...args, '--once', 'hello'], { env: other });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`${directory}/state" is in use`);
  }
  await owner.kill();
  expect(await startServer(args, env).url()).toMatch(/^http:/);
});

it('[app.pruned] keeps as many events as the config says, and prints them from the oldest', async () => {
  const directory = temporaryDirectory();
  const mob = writeSlowMob(directory);
  const state = join(directory, 'state');
  expect((await mobkit(['up', mob, '--state', state, '--once', 'hello'])).code).toBe(0);
  const all = linesOf((await mobkit(['events', '--json', '--state', state])).stdout);
  configure(directory, 'event_log: { retain_events: 3 }');
  const app = startServer([mob, '--state', state]);
  await app.url();
  await app.line(({ msg }) => msg.startsWith('Retention removed'));
  for (const end of [() => Promise.resolve(), () => app.stop()]) {
    await end();
    const { stdout, stderr, code } = await mobkit(['events', '--json', '--state', state]);
    expect(code).toBe(0);
    const seqs = linesOf(stdout).map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs[0]).toBeGreaterThan(all.length - 3);
    expect(stderr).toContain(`Events before ${seqs[0]} are not kept`);
  }
});

it('[app.dead-letters] lists what the event log refused, from the server and from the store', async () => {
  const directory = temporaryDirectory();
  const mob = writeSlowMob(directory);
  const state = join(directory, 'state');
  const none = await mobkit(['up', mob, '--state', state, '--once', 'hello']);
  expect(none.code).toBe(0);
  const write = `
    import { deadLetterKey, deadLettersOver } from ${JSON.stringify(built('packages/core'))};
    import { openSqliteStores } from ${JSON.stringify(built('plugins/store-sqlite'))};
    const { storage, close } = await openSqliteStores({ directory: ${JSON.stringify(state)} });
    const letters = await deadLettersOver(storage);
    await letters.put({ key: deadLetterKey(1000, 'a'), eventId: 'evt-7', refusedAtMs: 1000, error: 'too large', event: '{"id":"evt-7"}' });
    await close();
  `;
  const program = join(directory, 'write.mjs');
  writeFileSync(program, write);
  expect(await new Program(process.execPath, [program]).ended).toMatchObject({ code: 0 });
  const offline = await mobkit(['events', '--dead', '--state', state]);
  expect(offline).toMatchObject({ code: 0, stderr: expect.stringContaining('No server runs') });
  expect(offline.stdout).toBe('1970-01-01T00:00:01.000Z evt-7 too large | {"id":"evt-7"}\n');
  const app = startServer([mob, '--state', state]);
  await app.url();
  const online = await mobkit(['events', '--dead', '--json', '--state', state]);
  expect(JSON.parse(online.stdout)).toMatchObject({
    event_id: 'evt-7',
    refused_at_ms: 1000,
    event: '{"id":"evt-7"}',
  });
});
