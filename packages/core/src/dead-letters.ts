import type { RecordsDefinition } from './definition.js';
import type { RecordQuery } from './record-store.js';
import type { Storage } from './storage.js';

/** An event that the event log or its archive refused for good, kept beside it for somebody to look at. */
export interface DeadLetter {
  /** Unique, and in the order of `refusedAtMs`: `deadLetterKey` makes one. */
  readonly key: string;
  /** The id of the event; absent when it had none that is text. */
  readonly eventId?: string;
  /** Unix time in milliseconds. */
  readonly refusedAtMs: number;
  /** What the log, the check before it, or the archive said. */
  readonly error: string;
  /** The event as JSON, or as close to it as could be written; at most 64 Ki characters. */
  readonly event: string;
}

/** One page of the events that a log refused. */
export interface DeadLetterPage {
  /** The oldest first. */
  readonly letters: readonly DeadLetter[];
  /** Whether there are more after the last of these. */
  readonly more: boolean;
}

/** Keeps dead letters. Throws what `RecordStore` throws. */
export interface DeadLetterStore {
  /** Keeps one. The same key again replaces it, so a caller may repeat a call that failed. */
  put(letter: DeadLetter): Promise<void>;
  /** @param query - `afterKey`: exclusive lower bound; `limit`: at most so many, 256 by default. */
  list(query?: Pick<RecordQuery, 'afterKey' | 'limit'>): Promise<DeadLetterPage>;
  /** Removes those refused before a time; returns how many. */
  prune(bounds: { readonly beforeMs: number }): Promise<number>;
}

/** Where a `Storage` keeps dead letters. */
export const deadLettersDefinition = {
  kind: 'records',
  name: 'event_dead_letters',
  fields: {},
} as const satisfies RecordsDefinition;

const PRUNE_PAGE = 256;

/** Wide enough for every safe integer, so that keys are in the order of their times. */
const TIME_DIGITS = 14;

/**
 * The key of a letter: sorts by time.
 *
 * @param unique - what tells it from others of the same millisecond, e.g. a UUID.
 */
export function deadLetterKey(refusedAtMs: number, unique: string): string {
  return `${timeKey(refusedAtMs)}-${unique}`;
}

/** Prepares dead letters in a storage and returns the contract over it. */
export async function deadLettersOver(storage: Storage): Promise<DeadLetterStore> {
  await storage.prepare([deadLettersDefinition]);
  const records = storage.records(deadLettersDefinition);
  return {
    async put({ key, ...letter }) {
      await records.put(key, { data: JSON.stringify(letter) });
    },
    async list(query = {}) {
      const { records: found, more } = await records.list(query);
      const letters = found.map(({ key, data }) => {
        return { key, ...(JSON.parse(data) as Omit<DeadLetter, 'key'>) };
      });
      return { letters, more };
    },
    async prune({ beforeMs }) {
      const end = timeKey(beforeMs);
      let gone = 0;
      for (;;) {
        const { records: oldest, more } = await records.list({ limit: PRUNE_PAGE });
        const old = oldest.filter(({ key }) => key < end);
        for (const { key } of old) if (await records.delete(key)) gone++;
        if (!more || old.length < oldest.length) return gone;
      }
    },
  };
}

function timeKey(timeMs: number): string {
  return Math.max(timeMs, 0).toString(16).padStart(TIME_DIGITS, '0');
}
