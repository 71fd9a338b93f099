import { randomUUID } from 'node:crypto';
import { readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

import { errnoOf } from './errors.js';
import { processStart } from './process-start.js';

/** Who holds a lock, as the lock says it. */
export interface LockOwner {
  readonly owner_pid: number;
  /** When that process began: a pid comes again. Empty where nobody could tell. */
  readonly started: string;
  /** Where its pid means something: the machine, and the part of it that containers divide. */
  readonly host: string;
  /** Of this one time that it was held. */
  readonly nonce: string;
  readonly created_at_ms: number;
}

/** This process, for one time. */
export async function thisOwner(createdAtMs: number): Promise<LockOwner> {
  const started = (await processStart(process.pid)) ?? '';
  const host = await thisHost();
  return { owner_pid: process.pid, started, host, nonce: randomUUID(), created_at_ms: createdAtMs };
}

/** Undefined when it is none of ours. */
export function ownerOf(text: string): LockOwner | undefined {
  try {
    const { owner_pid, started, host, nonce, created_at_ms } = JSON.parse(text) as Partial<LockOwner>;
    if (!Number.isSafeInteger(owner_pid) || typeof started !== 'string' || typeof host !== 'string') return;
    // Part of a file name.
    if (!/^[\w-]{1,64}$/.test(nonce ?? '') || typeof created_at_ms !== 'number') return;
    return { owner_pid, started, host, nonce, created_at_ms } as LockOwner;
  } catch {
    return undefined;
  }
}

/** Whether the owner has certainly ended; one of another machine or container never has. */
export async function isGone({ owner_pid: pid, started, host }: LockOwner): Promise<boolean> {
  if (host !== (await thisHost())) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is somebody else's, and alive.
    if (errnoOf(error) === 'ESRCH') return true;
  }
  const now = await processStart(pid);
  return now === 'gone' || (now !== undefined && started !== '' && now !== started);
}

async function thisHost(): Promise<string> {
  const pids = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${hostname()} ${pids}`.trim();
}
