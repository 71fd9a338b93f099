import { join } from 'node:path';

import type { MobError } from '@mobkit/core';

import type { Connection } from './connection.js';
import { fileUrl, type Session, SqliteDatabase } from './database.js';
import { DATABASE_FILE, prepareDirectory } from './directory.js';
import { openError, storeError } from './errors.js';
import { migrate } from './migrations.js';
import type { ParsedOptions } from './options.js';
import { takeOwnership } from './owner-lock.js';
import { Wakes } from './wakes.js';

/**
 * - `synchronous`: a commit is on the disk when it returns, which a WAL alone does not promise after a power cut.
 * - `cache_size`: 16 MiB; with the 2 MiB of SQLite the pages of the indexes are read again and again in a large log.
 * - `journal_size_limit`: the WAL is written back every 1,000 pages and begun anew, unless a reader is in the middle of a
 *   query; what it grew to meanwhile, or in one large commit, is given back to the disk.
 */
const PRAGMAS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma cache_size = -16384;
  pragma journal_size_limit = 16777216`;

/** Opens the database of a directory as its one owner, creates it when missing, and migrates it. */
export function openAsOwner({ directory, onError }: ParsedOptions): Connection {
  const undo: (() => void)[] = [];
  try {
    prepareDirectory(directory);
    undo.push(takeOwnership(directory));
    const database = new SqliteDatabase(fileUrl(join(directory, DATABASE_FILE), 'rw'));
    undo.push(() => database.close());
    database.exec(PRAGMAS);
    migrate(database, directory);
    return new OwnerConnection(directory, database, undo, onError);
  } catch (error) {
    closeAll(undo);
    throw openError(directory, error);
  }
}

class OwnerConnection implements Connection {
  readonly readOnly = false;
  readonly #directory: string;
  readonly #database: SqliteDatabase;
  readonly #undo: (() => void)[];
  readonly #onError: (error: MobError) => void;
  readonly #wakes = new Wakes();
  #closed = false;

  constructor(
    directory: string,
    database: SqliteDatabase,
    undo: (() => void)[],
    onError: (error: MobError) => void,
  ) {
    this.#directory = directory;
    this.#database = database;
    this.#undo = undo;
    this.#onError = onError;
  }

  read<T>(doing: () => string, work: (session: Session) => T): Promise<T> {
    // Nobody else writes and nothing runs in between: every query sees the same moment without a transaction.
    return this.#run(doing, () => work(this.#database));
  }

  write<T>(doing: () => string, work: (session: Session) => T): Promise<T> {
    return this.#run(doing, () => this.#database.transaction('immediate', work));
  }

  subscribe(topic: string, wake: () => void): () => void {
    return this.#wakes.subscribe(topic, wake);
  }

  appended(topic: string): void {
    this.#wakes.wake(topic);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wakes.wakeAll();
    try {
      // Without waiting for readers: what stays in the WAL is not lost, the next to open reads it there.
      this.#database.exec('pragma busy_timeout = 0; pragma wal_checkpoint(truncate)');
    } catch (cause) {
      this.#onError(storeError('write the WAL back', this.#directory, cause));
    }
    closeAll(this.#undo);
  }

  async #run<T>(doing: () => string, work: () => T): Promise<T> {
    if (this.#closed) throw new TypeError(`store-sqlite is closed: cannot ${doing()}`);
    try {
      return work();
    } catch (cause) {
      throw cause instanceof TypeError ? cause : storeError(doing(), this.#directory, cause);
    }
  }
}

function closeAll(undo: (() => void)[]): void {
  for (let one = undo.pop(); one; one = undo.pop()) one();
}
