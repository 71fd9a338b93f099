import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

const hooks = new URL('../../../test-e2e/support/typescript-hooks.mjs', import.meta.url).href;
const owner = fileURLToPath(new URL('owner.ts', import.meta.url));

/** Starts another process that owns a directory and has appended events of these ids. */
export async function startOwner(directory: string, ...ids: readonly string[]): Promise<ChildProcess> {
  const child = fork(owner, [directory, ...ids], {
    execArgv: ['--conditions=@mobkit/source', '--import', hooks],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The owner ended with ${code}`);
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
