import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const DATABASE_FILE = 'mobkit.sqlite3';
export const LOCK_FILE = 'owner.lock.sqlite3';

/**
 * Makes sure that the directory and its files are there: with 0700 and 0600 when this made them. SQLite
 * gives the files it adds (`-wal`, `-shm`) the mode of the database.
 */
export function prepareDirectory(directory: string): void {
  makeDirectory(directory);
  for (const name of [LOCK_FILE, DATABASE_FILE]) createFile(join(directory, name));
}

/** Level by level: Node's own recursion never ends where a parent is there but takes no directories, as in /proc. */
function makeDirectory(directory: string): void {
  if (!existsSync(directory)) {
    const parent = dirname(directory);
    if (parent !== directory) makeDirectory(parent);
    mkdirSync(directory, { mode: 0o700 });
  } else if (!statSync(directory).isDirectory()) {
    throw Object.assign(new Error(`ENOTDIR: "${directory}"`), { code: 'ENOTDIR', syscall: 'mkdir' });
  }
}

/** Exclusively, so that an existing file is never opened: closing it would free every lock this process has on it. */
export function createFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
