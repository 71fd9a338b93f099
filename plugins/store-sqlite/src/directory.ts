import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

export const DATABASE_FILE = 'mobkit.sqlite3';
export const LOCK_FILE = 'owner.lock.sqlite3';

/**
 * Makes sure that the directory and its files are there: with 0700 and 0600 when this made them. SQLite
 * gives the files it adds (`-wal`, `-shm`) the mode of the database.
 */
export function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const name of [LOCK_FILE, DATABASE_FILE]) createFile(join(directory, name));
}

/** Exclusively, so that an existing file is never opened: closing it would free every lock this process has on it. */
function createFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
