import type { ChildProcess } from 'node:child_process';

import { startTypescript } from '../../../test-e2e/support/typescript-process.js';

const program = new URL('writer.ts', import.meta.url);

/**
 * Starts another process that appends so many rows, or stops where it is told: before it
 * renames the file or the lock, or `late` in taking a lock over, until it is sent a message.
 */
export function startWriter(
  path: string,
  { name, rows, stopAt = '' }: { name: string; rows: number; stopAt?: 'rename' | 'recover' | 'late' | '' },
): Promise<ChildProcess> {
  return startTypescript(program, [path, name, String(rows), stopAt]);
}
