import {
  checkSessionQuery,
  checkSessionRows,
  isMobError,
  MobError,
  type SessionHistoryPage,
  type SessionHistoryQuery,
  type SessionPage,
  type SessionQuery,
  type SessionRow,
  type SessionStore,
} from '@mobkit/core';

import { errnoOf, fileError } from './errors.js';
import { FileLock } from './file-lock.js';
import { checkHistoryQuery, historyPage } from './history-page.js';
import type { ParsedOptions } from './options.js';
import { type FileRow, fileText, readRows, removeLeftovers, replaceFile, toFileRow } from './session-file.js';
import { latestRows, withoutSuperseded } from './superseded.js';

interface Waiting {
  readonly rows: readonly FileRow[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Sessions in one file. Appends that wait for each other are written together. */
export class FileSessionStore implements SessionStore {
  readonly supports = { durable: true, processes: 'many', cursor: 'strict' } as const;
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #lock: FileLock;
  #waiting: Waiting[] = [];
  /** What is under way or has ended last; never rejects. */
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: ParsedOptions) {
    this.#path = options.path;
    this.#maxBytes = options.maxBytes;
    this.#lock = new FileLock(options);
  }

  async append(rows: readonly SessionRow[]): Promise<void> {
    this.#expectOpen();
    checkSessionRows(rows);
    if (rows.length === 0) return;
    const given = rows.map(toFileRow);
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ rows: given, resolve, reject });
      this.#writing = this.#writing.then(() => this.#writeWaiting());
    });
  }

  async history(query: SessionHistoryQuery = {}): Promise<SessionHistoryPage> {
    this.#expectOpen();
    checkHistoryQuery(query);
    return historyPage(await readRows(this.#path), query);
  }

  async latest(query: SessionQuery = {}): Promise<SessionPage> {
    return this.#page(query, () => true);
  }

  async live(query: SessionQuery = {}): Promise<SessionPage> {
    return this.#page(query, ({ deleted }) => !deleted);
  }

  async compact(): Promise<number> {
    this.#expectOpen();
    let removed = 0;
    const compacting = this.#writing.then(() =>
      this.#change((rows) => {
        const left = withoutSuperseded(rows);
        removed = rows.length - left.length;
        return left;
      }),
    );
    this.#writing = compacting.catch(() => {});
    await compacting;
    return removed;
  }

  /** Ends what was begun, and refuses what comes later. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #page(query: SessionQuery, wanted: (row: SessionRow) => boolean): Promise<SessionPage> {
    this.#expectOpen();
    const limit = checkSessionQuery(query);
    const { afterSessionId } = query;
    const found = latestRows(await readRows(this.#path))
      .map(({ row }) => row)
      .filter((row) => wanted(row))
      .filter(({ sessionId }) => afterSessionId === undefined || compare(sessionId, afterSessionId) > 0)
      .toSorted((one, other) => compare(one.sessionId, other.sessionId));
    return { rows: found.slice(0, limit), more: found.length > limit };
  }

  async #writeWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    await this.#write(waiting);
  }

  async #write(waiting: readonly Waiting[]): Promise<void> {
    if (waiting.length === 0) return;
    try {
      await this.#change((kept) =>
        add(
          kept,
          waiting.flatMap(({ rows }) => rows),
        ),
      );
      for (const { resolve } of waiting) resolve();
    } catch (error) {
      // Each on its own: what does not fit is not to be the fault of those that only waited with it.
      if (waiting.length > 1 && isTooLarge(error)) for (const one of waiting) await this.#write([one]);
      else for (const { reject } of waiting) reject(error);
    }
  }

  /** Writes what becomes of the rows, if anything does. */
  async #change(change: (rows: readonly FileRow[]) => readonly FileRow[]): Promise<void> {
    try {
      await this.#lock.holding(async (recovered) => {
        if (recovered) await removeLeftovers(this.#path);
        const rows = await readRows(this.#path);
        const changed = change(rows);
        if (changed.length !== rows.length) await replaceFile(this.#path, this.#textOf(changed));
      });
    } catch (error) {
      throw errnoOf(error) === undefined ? error : fileError('locked', this.#path, error);
    }
  }

  #textOf(rows: readonly FileRow[]): string {
    for (const kept of [rows, withoutSuperseded(rows)]) {
      const text = fileText(kept);
      if (Buffer.byteLength(text) <= this.#maxBytes) return text;
    }
    const message = `The session file "${this.#path}" would be larger than ${this.#maxBytes} bytes: keep sessions in a database`;
    const details = { path: this.#path, max_bytes: this.#maxBytes };
    throw new MobError('MOB_STORE_REFUSED', message, { details });
  }

  #expectOpen(): void {
    if (this.#closed) throw new TypeError('store-file is closed');
  }
}

function isTooLarge(error: unknown): boolean {
  return isMobError(error, 'MOB_STORE_REFUSED') && error.details['max_bytes'] !== undefined;
}

function add(kept: readonly FileRow[], given: readonly FileRow[]): FileRow[] {
  const texts = new Set(kept.map(({ text }) => text));
  const added = [...kept];
  for (const one of given) {
    if (texts.has(one.text)) continue;
    texts.add(one.text);
    added.push(one);
  }
  return added;
}

/** JavaScript compares UTF-16 units; UTF-8 bytes are in code point order. */
function compare(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
