import { once } from 'node:events';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { type Clock, systemClock, within } from '@mobkit/core';
import { openFileSessions } from '@mobkit/store-file';
import { expect, it, onTestFinished } from 'vitest';

import { thisOwner } from '../src/lock-owner.js';
import { row } from './row.js';
import { crash } from '../../../test-e2e/support/typescript-process.js';
import { startWriter } from './start-writer.js';
import { testFiles } from './test-files.js';

/** Other processes take their time to start on a busy machine. */
const PATIENT_MS = 60_000;

const freshFile = testFiles();
const lockOf = (path: string) => path.replace(/json$/, 'lock');

async function open(path: string, lockWaitMs = 0) {
  const { sessions, close } = await openFileSessions({ path, lockWaitMs });
  onTestFinished(close);
  return sessions;
}

/** A file whose lock is there, of an owner like this process but for what is given. */
async function lockedBy(given: object): Promise<string> {
  const path = freshFile();
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(JSON.stringify({ ...(await thisOwner(Date.now())), ...given }), lockOf(path));
  return path;
}

/** Of a process that had this one's pid, some time ago. */
const DEAD = { started: 'another boot 17' };

it(
  '[sessions.lock-held] [sessions.lock-killed] [sessions.lock-waits] waits for whoever writes or refuses and names it, and goes on when it was killed',
  { timeout: PATIENT_MS },
  async () => {
    const path = freshFile();
    const sessions = await open(path);
    await sessions.append([row('before')]);
    const writer = await startWriter(path, { name: 'w', rows: 1, stopAt: 'rename' });
    const lock = readlinkSync(lockOf(path));
    expect(readdirSync(dirname(path))).toHaveLength(3);

    const refused = {
      code: 'MOB_STORE_LOCKED',
      retryable: true,
      message: expect.stringContaining(`process ${writer.pid}`),
      details: { lock_path: lockOf(path), owner_pid: writer.pid },
    };
    await expect(sessions.append([row('a')])).rejects.toMatchObject(refused);
    await expect(sessions.compact()).rejects.toMatchObject(refused);
    expect(readlinkSync(lockOf(path))).toBe(lock);
    // Age says nothing while its owner lives.
    const aged = await lockedBy({ ...(JSON.parse(lock) as object), created_at_ms: 0 });
    await expect((await open(aged)).append([row('a')])).rejects.toMatchObject({ code: 'MOB_STORE_LOCKED' });
    // Whoever reads needs no lock.
    expect((await sessions.live()).rows).toEqual([row('before')]);

    const appended = (await open(path, 60_000)).append([row('waited')]);
    // It has looked once when somebody who looked after it was refused.
    await expect(sessions.append([row('a')])).rejects.toMatchObject(refused);
    await crash(writer);
    await appended;
    await sessions.append([row('after')]);
    expect((await sessions.live()).rows).toEqual([row('after'), row('before'), row('waited')]);
    expect(readdirSync(dirname(path))).toEqual(['sessions.json']);
  },
);

it('[sessions.lock-clock] waits no longer when the clock is set back meanwhile', async () => {
  const path = await lockedBy({});
  let now = Date.now();
  const clock: Clock = { now: () => (now -= 3_600_000), after: systemClock.after };
  const { sessions, close } = await openFileSessions({ path, lockWaitMs: 60, clock });
  onTestFinished(close);
  const ended = sessions.append([row('a')]).catch((error: unknown) => error);
  expect(await within(systemClock, 30_000, ended)).toMatchObject({ code: 'MOB_STORE_LOCKED' });
  unlinkSync(lockOf(path));
});

it('[sessions.lock-owner] knows an owner by more than its pid', async () => {
  const reused = await lockedBy(DEAD);
  await (await open(reused)).append([row('a')]);
  expect(readdirSync(dirname(reused))).toEqual(['sessions.json']);
  // Signals tell of process 1 that one may not send it any, if anything: it is alive.
  const alive = await lockedBy({ owner_pid: 1, started: '' });
  await expect((await open(alive)).append([row('a')])).rejects.toMatchObject({ code: 'MOB_STORE_LOCKED' });
  // Nobody here can tell what became of it.
  const elsewhere = await lockedBy({ ...DEAD, host: 'elsewhere pid:[1]' });
  await expect((await open(elsewhere)).append([row('a')])).rejects.toMatchObject({
    code: 'MOB_STORE_LOCKED',
    message: expect.stringContaining('of elsewhere'),
  });
});

it('[sessions.lock-foreign] leaves alone what is no lock of its own', async () => {
  const path = freshFile();
  const sessions = await open(path);
  writeFileSync(lockOf(path), '{"owner_pid":1,"created_at_ms":0}');
  await expect(sessions.append([row('a')])).rejects.toMatchObject({ code: 'MOB_STORE_LOCKED' });
  expect(readFileSync(lockOf(path), 'utf8')).toContain('owner_pid');
});

it(
  '[sessions.lock-recovered] takes over a lock from whoever was killed while taking it over',
  { timeout: PATIENT_MS },
  async () => {
    const path = await lockedBy(DEAD);
    const recovering = await startWriter(path, { name: 'w', rows: 1, stopAt: 'recover' });
    const sessions = await open(path);
    await expect(sessions.append([row('a')])).rejects.toMatchObject({ code: 'MOB_STORE_LOCKED' });
    await crash(recovering);
    await sessions.append([row('a')]);
    expect((await sessions.live()).rows).toEqual([row('a')]);
    expect(readdirSync(dirname(path))).toEqual(['sessions.json']);
  },
);

it(
  '[sessions.lock-late] leaves a lock alone that somebody took over between finding it dead and replacing it',
  { timeout: PATIENT_MS },
  async () => {
    const path = await lockedBy(DEAD);
    const late = await startWriter(path, { name: 'late', rows: 1, stopAt: 'late' });
    const sessions = await open(path);
    await sessions.append([row('a')]);
    const lock = JSON.stringify(await thisOwner(Date.now()));
    symlinkSync(lock, lockOf(path));
    late.send('go on');
    const [said] = (await once(late, 'message')) as readonly unknown[];
    expect(said).toBe('MOB_STORE_LOCKED');
    expect(readlinkSync(lockOf(path))).toBe(lock);
    expect(readdirSync(dirname(path)).toSorted()).toEqual(['sessions.json', 'sessions.lock']);
    expect((await sessions.live()).rows).toEqual([row('a')]);
  },
);

it(
  '[sessions.lock-processes] loses no row when processes write at once, also over the lock of a dead one',
  { timeout: PATIENT_MS },
  async () => {
    const path = await lockedBy(DEAD);
    const rows = 10;
    const own = async () => {
      const sessions = await open(path, 60_000);
      for (let n = 0; n < rows; n++) await sessions.append([row(`own-${n}`)]);
    };
    const others = ['a', 'b'].map((name) => startWriter(path, { name, rows }));
    await Promise.all([...others, own()]);
    expect((await (await open(path)).live()).rows).toHaveLength(3 * rows);
    expect(readdirSync(dirname(path))).toEqual(['sessions.json']);
  },
);
