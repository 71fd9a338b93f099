import { join } from 'node:path';

import { MobError } from '@mobkit/core';
import Database from 'libsql';

import { LOCK_FILE } from './directory.js';
import { isBusy } from './errors.js';
import { fileUrl } from './database.js';

/**
 * Makes this the one owner of a directory, by an exclusive transaction that is held for life on a database of its own.
 * The kernel frees it when the process ends, however it ends. Returns what gives it up.
 *
 * @throws MobError `MOB_STORE_LOCKED` at once when there is an owner.
 */
export function takeOwnership(directory: string): () => void {
  const lock = new Database(fileUrl(join(directory, LOCK_FILE), 'rw'), { timeout: 0 });
  try {
    // In memory: nothing is ever written, and no journal is to lie about.
    lock.exec('pragma journal_mode = memory; begin exclusive');
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw cause;
    const message = `The state directory "${directory}" is in use: stop the process that has it open, or name another`;
    throw new MobError('MOB_STORE_LOCKED', message, { cause, details: { directory } });
  }
  return () => {
    lock.exec('rollback');
    lock.close();
  };
}
