import type { ChildProcess } from 'node:child_process';

import { startTypescript } from '../../../test-e2e/support/typescript-process.js';

const program = new URL('owner.ts', import.meta.url);

/** Starts another process that owns a directory and has appended events of these ids. */
export function startOwner(directory: string, ...ids: readonly string[]): Promise<ChildProcess> {
  return startTypescript(program, [directory, ...ids]);
}
