import {
  backoffMs,
  type Clock,
  delay,
  type ErrorHook,
  type SessionRow,
  type SessionStore,
  type Storage,
  type StorageWrite,
  systemClock,
  within,
} from '@mobkit/core';

import { sessionsDefinition } from '../members/session.js';
import { RowWriter } from './row-writer.js';
import { sessionStateOf } from './session-row-of.js';

/** What the sessions of a mob are told to, and what of. */
export interface SessionRowsOptions {
  /** Where the mob is kept. The caller closes it. */
  readonly storage: Storage;
  /** Where its sessions go as rows. The caller closes it, after this. */
  readonly sessions: SessionStore;
  /** The mob of which what was not written before is written now. */
  readonly mobId: string;
  /** Told once that rows cannot be written, and once that they can again. */
  readonly onError: ErrorHook;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}

/** Sessions of mobs as rows of a `SessionStore`. */
export interface SessionRows {
  /** For the engine: what it commits through this becomes rows. */
  readonly storage: Storage;
  /** Resolves when everything that was committed until now is written; it waits for as long as the store is down. */
  settled(): Promise<void>;
  /**
   * Writes what waits, for at most so long, and ends. Never rejects; what was not written is written after the next start.
   *
   * @returns How many rows were not written.
   */
  close(deadlineMs: number): Promise<number>;
}

const PAGE = 256;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Writes a row of each session of a mob when it begins, when a run of it is kept whole, and a tombstone when it is archived: after
 * the commit, and never holding one up. Of one session the newest row counts, so that a slow store gets fewer of them. Rows that
 * cannot be written wait, one of each session, and are tried again; what an earlier process did not write is found by
 * comparing all sessions with the store at the start.
 *
 * A row says whose session it is (mob, identity, generation, role, labels), its counts of runs, messages, tool calls and tokens,
 * and its times; nothing that was said in it.
 */
export function openSessionRows(options: SessionRowsOptions): SessionRows {
  const { storage, sessions, onError, clock = systemClock } = options;
  const ending = new AbortController();
  const compareUntilDone = async () => {
    writer.comparing();
    for (let failures = 0; !ending.signal.aborted; failures++) {
      try {
        await compareAll(options, writer, ending.signal);
        writer.compared();
        return;
      } catch (error) {
        writer.failed(error);
        await delay(clock, backoffMs(Math.min(failures, 20), LONGEST_PAUSE_MS), ending.signal);
      }
    }
  };
  const onLeftOut = () => void (comparing = comparing.then(compareUntilDone));
  const writer = new RowWriter({ sessions, clock, onError, onLeftOut });
  let comparing = compareUntilDone();
  const settle = async () => {
    for (let seen; seen !== comparing;) {
      seen = comparing;
      await seen;
      await writer.settled();
    }
  };

  return {
    storage: told(storage, (write) => note(write, writer)),
    settled: settle,
    async close(deadlineMs) {
      await within(clock, deadlineMs, settle());
      ending.abort();
      writer.end();
      // What is under way may answer still; whatever it says is of no use to anybody.
      return writer.waiting;
    },
  };
}

/** A storage that tells of every commit once it is kept. */
function told(storage: Storage, tell: (write: StorageWrite) => void): Storage {
  return {
    supports: storage.supports,
    prepare: (definitions) => storage.prepare(definitions),
    log: (definition, partition) => storage.log(definition, partition),
    records: (definition) => storage.records(definition),
    contents: () => storage.contents(),
    async commit(write) {
      const written = await storage.commit(write);
      tell(write);
      return written;
    },
  };
}

function note({ puts = [] }: StorageWrite, writer: RowWriter): void {
  for (const { records, key, record } of puts) {
    if (records.name !== sessionsDefinition.name) continue;
    const state = sessionStateOf(key, record.data);
    if (state) writer.note(state);
  }
}

/** Reads both sides by session id, a page of each at a time. */
async function compareAll(
  { storage, sessions, mobId }: SessionRowsOptions,
  writer: RowWriter,
  signal: AbortSignal,
): Promise<void> {
  await storage.prepare([sessionsDefinition]);
  const records = storage.records(sessionsDefinition);
  const kept = latestFrom(sessions);
  for (let afterKey = '', more = true; more && !signal.aborted;) {
    const page = await records.list({ where: { mob_id: mobId }, afterKey, limit: PAGE });
    for (const { key, data } of page.records) {
      const state = sessionStateOf(key, data);
      const row = await kept(key);
      if (state) writer.compare(row, state);
      else if (row) writer.seen(row);
    }
    await writer.room();
    afterKey = page.records.at(-1)?.key ?? afterKey;
    ({ more } = page);
  }
  writer.worked();
}

/** The latest rows of sessions that are asked for in the order of their ids. What lies between them is left out where it can be. */
function latestFrom(sessions: SessionStore): (sessionId: string) => Promise<SessionRow | undefined> {
  let rows: readonly SessionRow[] = [];
  let more = true;
  return async (sessionId) => {
    const near = shortlyBefore(sessionId);
    while (more && !rows.some((row) => !comesBefore(row.sessionId, sessionId))) {
      const last = rows.at(-1)?.sessionId ?? '';
      const afterSessionId = comesBefore(near, last) ? last : near;
      const page: Awaited<ReturnType<SessionStore['latest']>> = await sessions.latest({
        afterSessionId,
        limit: PAGE,
      });
      ({ rows, more } = page);
    }
    return rows.find((row) => row.sessionId === sessionId);
  };
}

/** All but its last character: the bound is exclusive, and others begin as it does only by chance. */
function shortlyBefore(sessionId: string): string {
  return Array.from(sessionId).slice(0, -1).join('');
}

/** By code point, as both sides are sorted. */
function comesBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
}
