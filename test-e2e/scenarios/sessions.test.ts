import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface Row {
  readonly session_id: string;
  readonly deleted: boolean;
  readonly payload: { readonly identity: string; readonly runs: number };
}

it('[sessions.app] writes what becomes of sessions into the file that the config names, and shows it, over restarts', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  const mob = join(directory, 'mob.toml');
  const members = ['one', 'two'].map(
    (identity) => `[[members]]\nidentity = "${identity}"\nprofile = "worker"\n`,
  );
  writeFileSync(
    mob,
    `[mob]\nid = "kept"\norchestrator = "worker"\n[profiles.worker]\nmodel = "scripted"\nruntime_mode = "turn_driven"\nexternal_addressable = true\ntools = { comms = true }\n${members.join('')}`,
  );
  writeFileSync(
    join(directory, 'mobkit.config.toml'),
    '[sessions]\nstore = "file"\npath = "rows/sessions.json"\n',
  );
  const sessions = (...args: readonly string[]) => mobkit(['sessions', ...args, '--state', state]);
  const inFile = () => {
    const text = readFileSync(join(directory, 'rows', 'sessions.json'), 'utf8');
    return (JSON.parse(text) as { readonly rows: readonly Row[] }).rows;
  };
  const lastOf = (identity: string) => inFile().findLast(({ payload }) => payload.identity === identity);

  const first = startServer([mob, '--state', state]);
  await first.url();
  expect(await mobkit(['send', 'one', 'hello', '--state', state])).toMatchObject({ code: 0 });
  await first.stop();
  expect(lastOf('one')).toMatchObject({ deleted: false, payload: { runs: 1 } });
  expect(lastOf('two')).toMatchObject({ deleted: false });

  const second = startServer([mob, '--state', state]);
  await second.url();
  const { session_id: id = '' } = lastOf('one') ?? {};
  const [listed, shown, none] = await Promise.all([
    sessions('--json'),
    sessions('show', id),
    sessions('show', 'x'),
  ]);
  const rows = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  expect(rows.map(({ payload }) => payload.identity).toSorted()).toEqual(['one', 'two']);
  expect(shown.stdout.trim().split('\n').at(-1)).toMatch(
    new RegExp(`^\\S+Z ${id} one \\(worker\\), 1 runs, 2 messages, \\d+ \\+ \\d+ tokens$`),
  );
  expect(none).toMatchObject({ code: 1, stderr: 'The session store has no session "x"\n' });
  expect(await mobkit(['retire', 'two', '--state', state])).toMatchObject({ code: 0 });
  await second.stop();
  expect(lastOf('two')).toMatchObject({ deleted: true });
});
