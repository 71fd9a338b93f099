import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { MobError } from '@mobkit/core';

import type { Connection } from './connection.js';
import { fileUrl, type Session, SqliteDatabase } from './database.js';
import { DATABASE_FILE } from './directory.js';
import { openError, storeError } from './errors.js';
import { expectMigrated } from './migrations.js';
import type { ParsedOptions } from './options.js';
import { Wakes } from './wakes.js';

/** How soon a reader hears of what another process appended; one cheap pragma each time, while somebody follows. */
const LOOK_EVERY_MS = 100;

/**
 * Opens the database of a directory to read it. Whoever owns it goes on undisturbed.
 *
 * @throws MobError `MOB_CONFIG_INVALID` when there is none that this version can read.
 */
export function openForReading({ directory, onError }: ParsedOptions): Connection {
  const file = join(directory, DATABASE_FILE);
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const message = missing
      ? `There is no database to read in "${directory}": name a directory that has been in use`
      : `The database in "${directory}" is not readable: change its permissions or name another directory`;
    throw new MobError('MOB_CONFIG_INVALID', message, { cause, details: { directory } });
  }
  const connection = new ReadOnlyConnection(directory, file, onError);
  try {
    connection.look((database) => expectMigrated(database, directory));
    return connection;
  } catch (error) {
    connection.close();
    throw openError(directory, error);
  }
}

class ReadOnlyConnection implements Connection {
  readonly readOnly = true;
  readonly #directory: string;
  readonly #file: string;
  readonly #onError: (error: MobError) => void;
  readonly #wakes = new Wakes();
  #opened: { readonly database: SqliteDatabase; readonly state: string } | undefined;
  #lastSeen = '';
  #looking: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(directory: string, file: string, onError: (error: MobError) => void) {
    this.#directory = directory;
    this.#file = file;
    this.#onError = onError;
  }

  async read<T>(doing: () => string, work: (session: Session) => T): Promise<T> {
    if (this.#closed) throw new TypeError(`store-sqlite is closed: cannot ${doing()}`);
    try {
      return this.look((database) => database.transaction('deferred', work));
    } catch (cause) {
      throw cause instanceof TypeError ? cause : storeError(doing(), this.#directory, cause);
    }
  }

  async write<T>(doing: () => string): Promise<T> {
    if (this.#closed) throw new TypeError(`store-sqlite is closed: cannot ${doing()}`);
    const message = `Cannot ${doing()}: "${this.#directory}" is open for reading only`;
    throw new MobError('MOB_STORE_REFUSED', message, { details: { directory: this.#directory } });
  }

  /** Runs `work` on the database as it is now. */
  look<T>(work: (database: SqliteDatabase) => T): T {
    for (;;) {
      const { database, state } = this.#current();
      try {
        const result = work(database);
        if (state === IN_USE || state === this.#state()) return result;
      } catch (error) {
        if (state === IN_USE || state === this.#state()) throw error;
      }
      // An owner came while an unlocked file was read: again, with locks.
    }
  }

  subscribe(topic: string, wake: () => void): () => void {
    const unsubscribe = this.#wakes.subscribe(topic, wake);
    if (this.#looking === undefined && !this.#closed) {
      this.#lastSeen = this.#seenNow();
      this.#looking = setInterval(() => this.#wakeWhenChanged(), LOOK_EVERY_MS);
    }
    return () => {
      unsubscribe();
      if (this.#wakes.size === 0) this.#stopLooking();
    };
  }

  appended(): void {}

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopLooking();
    this.#wakes.wakeAll();
    this.#opened?.database.close();
  }

  /** The connection that fits what is in the directory. */
  #current(): { readonly database: SqliteDatabase; readonly state: string } {
    const state = this.#state();
    if (this.#opened?.state === state) return this.#opened;
    this.#opened?.database.close();
    this.#opened = undefined;
    const database = new SqliteDatabase(fileUrl(this.#file, state === IN_USE ? 'ro' : 'immutable'));
    return (this.#opened = { database, state });
  }

  /**
   * With a WAL there is an owner, or was one that was killed; SQLite's locks take care of both. Without one SQLite would
   * create it, even for a reader, so the file is read as one that nobody changes, and looked at again after.
   */
  #state(): string {
    if (existsSync(`${this.#file}-wal`)) return IN_USE;
    const { mtimeNs, size } = statSync(this.#file, { bigint: true });
    return `${mtimeNs} ${size}`;
  }

  #seen(): string {
    const { database, state } = this.#current();
    return state === IN_USE ? `${IN_USE} ${database.pragma('data_version')}` : state;
  }

  #wakeWhenChanged(): void {
    const seen = this.#seenNow();
    if (seen === this.#lastSeen) return;
    this.#lastSeen = seen;
    this.#wakes.wakeAll();
  }

  /** What cannot be looked at is a state like any other: told when it begins, and whoever waits gets it from its read. */
  #seenNow(): string {
    try {
      return this.#seen();
    } catch (cause) {
      const error = storeError('look for appends', this.#directory, cause);
      if (this.#lastSeen !== error.message) this.#onError(error);
      return error.message;
    }
  }

  #stopLooking(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
  }
}

const IN_USE = 'in use';
