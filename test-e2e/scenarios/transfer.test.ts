import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { appMain, mobkit, startServer } from '../support/app-process.js';
import { Program } from '../support/program.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { postgresAddress } from '../support/stores.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A state directory in which a mob has worked. */
async function worked() {
  const directory = temporaryDirectory();
  const mob = writeSlowMob(directory);
  const state = join(directory, 'state');
  expect((await mobkit(['up', mob, '--state', state, '--once', 'a\u2028b "quoted" \u00e9'])).code).toBe(0);
  const file = join(directory, 'kept.ndjson');
  return { directory, mob, state, file };
}

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** All but what tells two exports of the same apart. */
const bodyOf = (lines: readonly Line[]) => lines.filter(({ type }) => type !== 'mobkit_export');

it('[app.transfer] moves everything from SQLite to Postgres and back, cursors included, and the mob goes on there', async () => {
  const { directory, mob, state, file } = await worked();
  expect(await mobkit(['export', file, '--state', state])).toMatchObject({ code: 0, stdout: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const lines = linesOf(file);
  expect(lines[0]).toMatchObject({ type: 'mobkit_export', version: 1 });
  expect(lines.at(-1)).toEqual({
    type: 'end',
    entries: lines.filter(({ type }) => type === 'entry').length,
    records: lines.filter(({ type }) => type === 'record').length,
  });

  const env = { MOBKIT_STORE: postgresAddress() };
  const there = join(directory, 'there');
  expect(await mobkit(['import', file, '--state', there], { env })).toMatchObject({ code: 0, stdout: '' });
  const inPostgres = await mobkit(['export', '--state', there], { env });
  const back = join(directory, 'back');
  writeFileSync(join(directory, 'back.ndjson'), inPostgres.stdout);
  expect(bodyOf(linesOf(join(directory, 'back.ndjson')))).toEqual(bodyOf(lines));
  expect(await mobkit(['import', join(directory, 'back.ndjson'), '--state', back])).toMatchObject({
    code: 0,
  });
  const again = await mobkit(['events', '--json', '--state', back]);
  expect(again.stdout).toBe((await mobkit(['events', '--json', '--state', state])).stdout);

  const app = startServer([mob, '--state', there], env);
  await app.url();
  expect(app.lines.some(({ msg }) => msg.startsWith('Resumed pace: one, two'))).toBe(true);
});

it('[app.transfer-other] imports neither into a store that holds something else nor beside its owner', async () => {
  const { mob, state, file } = await worked();
  await mobkit(['export', file, '--state', state]);
  const other = await worked();
  const refused = await mobkit(['import', file, '--state', other.state]);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('something else');
  expect(refused.stderr).toContain('event_log');
  const app = startServer([mob, '--state', state]);
  await app.url();
  expect((await mobkit(['export', '--state', state])).code).toBe(0);
  const locked = await mobkit(['import', file, '--state', state]);
  expect(locked.code).toBe(1);
  expect(locked.stderr).toContain('in use');
});

it('[app.transfer-cut] notices a cut or broken file by its line, goes on when it is whole, and lets nobody work before', async () => {
  const { directory, mob, state, file } = await worked();
  await mobkit(['export', file, '--state', state]);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const part = join(directory, 'part.ndjson');
  const target = join(directory, 'target');
  writeFileSync(part, `${lines.slice(0, 10).join('\n')}\n`);
  const cut = await mobkit(['import', part, '--state', target]);
  expect(cut.code).toBe(1);
  expect(cut.stderr).toContain('after line 10');
  writeFileSync(part, [...lines.slice(0, 7), lines[7]?.slice(0, 20), ...lines.slice(8)].join('\n'));
  const broken = await mobkit(['import', part, '--state', target]);
  expect(broken.code).toBe(1);
  expect(broken.stderr).toContain('Line 8 is not JSON');
  const early = await mobkit(['up', mob, '--state', target, '--once', 'hello']);
  expect(early.code).toBe(1);
  expect(early.stderr).toContain('import');
  expect(await mobkit(['import', file, '--state', target])).toMatchObject({ code: 0 });
  const twice = await mobkit(['import', file, '--state', target]);
  expect(twice).toMatchObject({ code: 0, stderr: expect.stringContaining('already') });
  const copied = await mobkit(['export', '--state', target]);
  writeFileSync(part, copied.stdout);
  expect(bodyOf(linesOf(part))).toEqual(bodyOf(linesOf(file)));
});

it('[app.transfer-pipe] pipes an export into an import, and fails when nobody reads it to its end', async () => {
  const { directory, state } = await worked();
  const target = join(directory, 'target');
  const piped = spawn(
    'bash',
    [
      '-o',
      'pipefail',
      '-c',
      '"$0" "$1" export --state "$2" | "$0" "$1" import - --state "$3"',
      process.execPath,
      appMain,
      state,
      target,
    ],
    { stdio: 'ignore' },
  );
  onTestFinished(() => void piped.kill('SIGKILL'));
  expect(await once(piped, 'exit')).toEqual([0, null]);
  expect((await mobkit(['events', '--json', '--state', target])).stdout).toBe(
    (await mobkit(['events', '--json', '--state', state])).stdout,
  );
  const cut = spawn(
    'bash',
    ['-o', 'pipefail', '-c', '"$0" "$1" export --state "$2" | head -1', process.execPath, appMain, state],
    {
      stdio: 'ignore',
    },
  );
  onTestFinished(() => void cut.kill('SIGKILL'));
  // Half an export is none: a script that goes on must know.
  expect(await once(cut, 'exit')).toEqual([1, null]);
});

it('[app.export-spooled] warns of events that wait in the spool, until a server has written them', async () => {
  const { directory, mob, state, file } = await worked();
  const program = join(directory, 'spill.mjs');
  const eventLog = new URL('../../packages/event-log/dist/index.js', import.meta.url).href;
  const event = { kind: 'module', module: 'm', eventType: 'said', payload: null };
  writeFileSync(
    program,
    `import { openEventSpool } from ${JSON.stringify(eventLog)};
    const spool = await openEventSpool({ directory: ${JSON.stringify(join(state, 'spool'))} });
    await spool.append([${JSON.stringify(JSON.stringify({ id: 'evt-spilled', timestampMs: 1, event }))}]);
    await spool.close();`,
  );
  expect(await new Program(process.execPath, [program]).ended).toMatchObject({ code: 0 });
  const early = await mobkit(['export', '--state', state]);
  expect(early.code).toBe(0);
  expect(early.stderr).toContain(`wait in ${join(state, 'spool')} and are not in this export`);
  expect(early.stdout).not.toContain('evt-spilled');
  expect((await mobkit(['up', mob, '--state', state, '--once', 'hello'])).code).toBe(0);
  const late = await mobkit(['export', file, '--state', state]);
  expect(late.code).toBe(0);
  expect(late.stderr).not.toContain('spool');
  expect(readFileSync(file, 'utf8')).toContain('evt-spilled');
});
