import { join, resolve } from 'node:path';

import { createFile, LOCK_FILE } from './directory.js';
import { openError } from './errors.js';
import { takeOwnership } from './owner-lock.js';

/**
 * Makes this process the one owner of a directory that is there, as `openSqliteStores` does, but without a database: for a
 * program that keeps other files in it. Returns what gives it up; the end of the process does so too.
 *
 * @throws MobError `MOB_STORE_LOCKED` at once when the directory has an owner, also one that has stores open there; what
 * `openSqliteStores` throws for a directory that cannot be used.
 */
export function ownDirectory(directory: string): () => void {
  const path = resolve(directory);
  try {
    createFile(join(path, LOCK_FILE));
    return takeOwnership(path);
  } catch (error) {
    throw openError(path, error);
  }
}
