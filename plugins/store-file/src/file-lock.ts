import { readlink, rename, symlink, unlink } from 'node:fs/promises';

import { backoffMs, type Clock, delay, MobError } from '@mobkit/core';

import { errnoOf } from './errors.js';
import { isGone, type LockOwner, ownerOf, thisOwner } from './lock-owner.js';

/** What the file lock is held for, and how long to wait for it. */
export interface FileLockOptions {
  readonly lockPath: string;
  readonly lockWaitMs: number;
  readonly clock: Clock;
}

/** Files tell nobody that they were removed. A writer has the lock for some milliseconds. */
const PAUSE_MS = 50;

/**
 * A lock between processes: a symbolic link whose target says who holds it, so that it comes into being whole or not at
 * all, and of two who make it one is refused.
 *
 * One whose owner ended is taken over by whoever first makes a link of the name of that one time it was held (its nonce),
 * and renames that over it. Who comes later finds another owner in the lock, or none, and leaves it alone: nobody ever removes
 * what may have become somebody else's.
 */
export class FileLock {
  readonly #path: string;
  readonly #waitMs: number;
  readonly #clock: Clock;

  constructor({ lockPath, lockWaitMs, clock }: FileLockOptions) {
    this.#path = lockPath;
    this.#waitMs = lockWaitMs;
    this.#clock = clock;
  }

  /**
   * Does work while holding the lock. `recovered` is true when its last owner ended without giving it up.
   *
   * @throws MobError `MOB_STORE_LOCKED` (retryable) when somebody else has it all the time one waits, naming them.
   */
  async holding<T>(work: (recovered: boolean) => Promise<T>): Promise<T> {
    const me = await thisOwner(this.#clock.now());
    const text = JSON.stringify(me);
    const recovered = await this.#take(text);
    try {
      return await work(recovered);
    } finally {
      // Only one's own: somebody may have removed it by hand, and somebody else taken it.
      if ((await targetOf(this.#path)) === text) await unlink(this.#path);
    }
  }

  async #take(text: string): Promise<boolean> {
    // A timer: the time of day may be set back.
    let late = this.#waitMs === 0;
    const cancel = this.#clock.after(this.#waitMs, () => (late = true));
    try {
      for (;;) {
        const taken = await claim(this.#path, text, this.#path);
        if (taken) return taken === 'recovered';
        if (late) throw await held(this.#path);
        await delay(this.#clock, backoffMs(0, PAUSE_MS));
      }
    } finally {
      cancel();
    }
  }
}

type Claimed = 'free' | 'recovered' | undefined;

/** Makes a link of one's own, or takes over one whose owner is gone; undefined while somebody has it. */
async function claim(path: string, text: string, lockPath: string): Promise<Claimed> {
  try {
    await symlink(text, path);
    return 'free';
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  const target = await targetOf(path);
  const owner = target === undefined ? undefined : ownerOf(target);
  if (!owner || !(await isGone(owner))) return undefined;
  const right = `${lockPath}.${owner.nonce}`;
  if (!(await claim(right, text, lockPath))) return undefined;
  // Whoever has the right and finds the dead one's link is the only one who may replace it.
  if ((await targetOf(path)) === target) {
    await rename(right, path);
    return 'recovered';
  }
  await unlink(right);
  return undefined;
}

/** Undefined when there is none, or something that is no link. */
async function targetOf(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'EINVAL') return undefined;
    throw error;
  }
}

async function held(path: string): Promise<MobError> {
  const owner: LockOwner | undefined = ownerOf((await targetOf(path)) ?? '');
  const who = owner
    ? `process ${owner.owner_pid} of ${owner.host.split(' ', 1)[0]} has it`
    : 'it names no owner';
  const message = `The lock "${path}" was not given up in time: ${who}; wait, or remove it if nobody writes any more`;
  const details = { lock_path: path, ...(owner && { owner_pid: owner.owner_pid, host: owner.host }) };
  return new MobError('MOB_STORE_LOCKED', message, { retryable: true, details });
}
