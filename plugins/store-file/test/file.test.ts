import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { openFileSessions } from '@mobkit/store-file';
import { expect, it, onTestFinished } from 'vitest';

import { row } from './row.js';
import { testFiles } from './test-files.js';

const freshFile = testFiles();

async function open(options: Parameters<typeof openFileSessions>[0]) {
  const { sessions, close } = await openFileSessions(options);
  onTestFinished(close);
  return sessions;
}

/** A file that somebody else wrote. */
function fileOf(text: string): string {
  const path = freshFile();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

it('[sessions.file] keeps a row on each line of a file for its owner alone, and leaves nothing else behind', async () => {
  const path = freshFile();
  const sessions = await open({ path });
  expect(existsSync(path)).toBe(false);
  await sessions.append([row('a', 1, { payload: { turn: 1 } }), row('b', 2)]);
  expect(readdirSync(dirname(path))).toEqual(['sessions.json']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  expect(readFileSync(path, 'utf8').split('\n')).toEqual([
    '{"version":1,"rows":[',
    '{"session_id":"a","updated_at_ms":1,"deleted":false,"payload":{"turn":1},"labels":{}},',
    '{"session_id":"b","updated_at_ms":2,"deleted":false,"payload":null,"labels":{}}',
    ']}',
    '',
  ]);
  const { ino } = statSync(path);
  await sessions.append([row('b', 2)]);
  expect(statSync(path).ino).toBe(ino);
});

it('[sessions.file-array] reads a bare array of rows, with what may be left out', async () => {
  const path = fileOf(
    '[{"session_id":"a","updated_at_ms":5},{"session_id":"b","updated_at_ms":6,"deleted":true}]',
  );
  const sessions = await open({ path });
  expect((await sessions.latest()).rows).toEqual([row('a', 5), row('b', 6, { deleted: true })]);
  await sessions.append([row('c', 7)]);
  expect((await sessions.live()).rows).toEqual([row('a', 5), row('c', 7)]);
});

it('[sessions.file-link] follows a link to a file, so that all who write to it wait for each other, and leaves it a link', async () => {
  const path = freshFile();
  const link = join(dirname(path), 'named.json');
  mkdirSync(dirname(path), { recursive: true });
  // Before there is such a file, too.
  symlinkSync('sessions.json', link);
  const [direct, linked] = [await open({ path }), await open({ path: link })];
  const ids = Array.from({ length: 8 }, (_, n) => `s${n}`);
  await Promise.all(ids.map((id, n) => (n % 2 ? direct : linked).append([row(id, 1)])));
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  for (const sessions of [direct, linked]) {
    expect((await sessions.latest()).rows.map(({ sessionId }) => sessionId)).toEqual(ids);
  }
});

it('[sessions.file-link] follows a link from where its directory really is', async () => {
  const at = dirname(freshFile());
  mkdirSync(join(at, 'real', 'inner'), { recursive: true });
  symlinkSync(join('real', 'inner'), join(at, 'linked'));
  symlinkSync(join('..', 'sessions.json'), join(at, 'linked', 'named.json'));
  await (await open({ path: join(at, 'linked', 'named.json') })).append([row('a', 1)]);
  expect(readdirSync(at)).toEqual(['linked', 'real']);
  expect(readdirSync(join(at, 'real'))).toEqual(['inner', 'sessions.json']);
});

it('[sessions.file-utf8] refuses a file that is not UTF-8, and leaves it as it is', async () => {
  const latin = Buffer.from('[{"session_id":"na\u00efve","updated_at_ms":1}]', 'latin1');
  const path = fileOf('');
  writeFileSync(path, latin);
  await expect(openFileSessions({ path })).rejects.toMatchObject({ code: 'MOB_STORE_REFUSED' });
  expect(readFileSync(path)).toEqual(latin);
});

it.for([
  ['not JSON', '{"version":1,"rows":[', /is not JSON/],
  ['an empty file', '', /is not JSON/],
  ['something else', '{"hello":"world"}', /holds no session rows/],
  ['a row that is none', '[{"session_id":"a","updated_at_ms":1},{"session_id":""}]', /row 2/],
  ['a newer release', '{"version":2,"rows":[],"more":1}', /of version 2, of a newer release/],
] as const)(
  '[sessions.file-invalid] refuses a file with %s by a typed error that names it, and leaves it as it is',
  async ([, text, naming]) => {
    const path = fileOf(text);
    const refused = { code: 'MOB_STORE_REFUSED', message: expect.stringMatching(naming), details: { path } };
    await expect(openFileSessions({ path })).rejects.toMatchObject(refused);
    // Also when it becomes so later.
    const later = freshFile();
    const sessions = await open({ path: later });
    await sessions.append([row('a')]);
    writeFileSync(later, text);
    const details = { path: later };
    await expect(sessions.append([row('b')])).rejects.toMatchObject({ ...refused, details });
    await expect(sessions.latest()).rejects.toMatchObject({ ...refused, details });
    await expect(sessions.compact()).rejects.toMatchObject({ ...refused, details });
    expect(readFileSync(later, 'utf8')).toBe(text);
    expect(readdirSync(dirname(later))).toEqual(['sessions.json']);
  },
);

it('[sessions.file-bounded] lets superseded rows go when the file grows too large, and then refuses what does not fit', async () => {
  const path = freshFile();
  const sessions = await open({ path, maxBytes: 2_048 });
  const payload = 'x'.repeat(500);
  for (const time of [1, 2, 3, 4, 5, 6]) await sessions.append([row('a', time, { payload })]);
  expect(statSync(path).size).toBeLessThanOrEqual(2_048);
  expect((await sessions.latest()).rows).toEqual([row('a', 6, { payload })]);
  const more = ['b', 'c', 'd', 'e'].map((id) => row(id, 1, { payload }));
  await expect(sessions.append(more)).rejects.toMatchObject({ code: 'MOB_STORE_REFUSED', details: { path } });
  expect((await sessions.latest()).rows).toEqual([row('a', 6, { payload })]);
});

it('[sessions.file-own] refuses an append that does not fit, and takes those that waited with it', async () => {
  const sessions = await open({ path: freshFile(), maxBytes: 2_048 });
  const appends = [
    sessions.append([row('before')]),
    sessions.append([row('large', 1, { payload: 'x'.repeat(4_000) })]),
    sessions.append([row('after')]),
  ];
  const settled = await Promise.allSettled(appends);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const { rows } = await sessions.live();
  expect(rows.map(({ sessionId }) => sessionId)).toEqual(['after', 'before']);
});

it('[sessions.file-options] refuses options that cannot be meant', async () => {
  const wrong = [
    { path: '' },
    { path: 'a\0' },
    { path: './x.lock' },
    { path: './x.json', lockPath: './x.json' },
    { path: './x.json', lockWaitMs: -1 },
    { path: './x.json', maxBytes: 1 },
    { path: './x.json', colour: 'red' },
  ];
  for (const options of wrong) {
    await expect(openFileSessions(options)).rejects.toMatchObject({ code: 'MOB_CONFIG_INVALID' });
  }
  const path = fileOf('{}');
  await expect(openFileSessions({ path: `${path}/below.json` })).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    details: { path: `${path}/below.json` },
  });
});
