import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

const hooks = new URL('../../../test-e2e/support/typescript-hooks.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('writer.ts', import.meta.url));

/**
 * Starts another process that appends so many rows, or stops where it is told: before it
 * renames the file or the lock, or `late` in taking a lock over, until it is sent a message.
 */
export async function startWriter(
  path: string,
  { name, rows, stopAt = '' }: { name: string; rows: number; stopAt?: 'rename' | 'recover' | 'late' | '' },
): Promise<ChildProcess> {
  const child = fork(program, [path, name, String(rows), stopAt], {
    execArgv: ['--conditions=@mobkit/source', '--import', hooks],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The writer ended with ${code}`);
  });
  await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {});
  return child;
}

/** Ends a process as a crash would, and waits until it is gone. */
export async function crash(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
