import { isMobError, MobError } from './errors.js';
import type { RecordsDefinition } from './definition.js';
import type { RecordStore } from './record-store.js';
import { checkSessionHistoryQuery, checkSessionQuery } from './session-store-queries.js';
import { checkSessionRows, sessionRowFromJson, sessionRowToJson } from './session-store-rows.js';
import type { SessionPage, SessionQuery, SessionRow, SessionStore } from './session-store.js';
import type { DeleteWrite, PutWrite, Storage } from './storage.js';

/** Every row, under a key that sorts by its time. */
const rowsDefinition = {
  kind: 'records',
  name: 'session_rows',
  // 1 once a later row has taken its place: `compact` reads only what it removes.
  fields: { session_id: 'text', superseded: 'integer' },
} as const satisfies RecordsDefinition;

/** The latest row of each session, under its id. */
const latestDefinition = {
  kind: 'records',
  name: 'sessions',
  fields: { updated_at_ms: 'integer', live: 'integer' },
} as const satisfies RecordsDefinition;

/** So few that a synchronous store holds nobody up for long. */
const DELETES_PER_COMMIT = 250;

/** Each time somebody else's row went first. */
const MAX_ATTEMPTS = 64;

/** Wide enough for every time that a row may have. */
const TIME_DIGITS = 12;
const AFTER = /^[0-9a-f]{12}-[0-9a-f]{64}$/;

/**
 * Prepares sessions in a storage and returns the contract over it, for any number of processes where the storage supports
 * them.
 */
export async function sessionStoreOver(storage: Storage): Promise<SessionStore> {
  await storage.prepare([rowsDefinition, latestDefinition]);
  const rows = storage.records(rowsDefinition);
  const latest = storage.records(latestDefinition);
  // One after the other: they would only make each other begin again, and ties count in the order of the calls.
  let appending: Promise<unknown> = Promise.resolve();

  return {
    supports: storage.supports,
    append(given) {
      try {
        checkSessionRows(given);
      } catch (error) {
        return Promise.reject(error);
      }
      const kept = given.map(toKept);
      const appended = appending.then(() => appendAll(storage, rows, latest, kept));
      appending = appended.catch(() => {});
      return appended;
    },
    async history(query = {}) {
      const limit = checkSessionHistoryQuery(query);
      const { sessionId, after } = query;
      if (after !== undefined && !AFTER.test(after)) throw new TypeError(`after is of no page: "${after}"`);
      const page = await rows.list({
        limit,
        ...(after !== undefined && { afterKey: after }),
        ...(sessionId !== undefined && { where: { session_id: sessionId } }),
      });
      const last = page.records.at(-1)?.key;
      return {
        rows: page.records.map(({ data }) => toRow(data)),
        ...(page.more && last !== undefined && { next: last }),
      };
    },
    latest: (query) => listLatest(latest, query),
    live: (query) => listLatest(latest, query, { live: 1 }),
    async compact() {
      for (let removed = 0; ;) {
        const { records, more } = await rows.list({ where: { superseded: 1 }, limit: DELETES_PER_COMMIT });
        const deletes = records.map(({ key }): DeleteWrite => ({ records: rowsDefinition, key }));
        const { deleted } = await storage.commit({ deletes });
        removed += deleted.filter(Boolean).length;
        if (!more) return removed;
      }
    },
  };
}

interface KeptRow {
  readonly sessionId: string;
  readonly updatedAtMs: number;
  readonly deleted: boolean;
  readonly data: string;
}

/** As text, at once: the caller may change what it gave. */
function toKept(row: SessionRow): KeptRow {
  const { sessionId, updatedAtMs, deleted } = row;
  return { sessionId, updatedAtMs, deleted, data: JSON.stringify(sessionRowToJson(row)) };
}

function toRow(data: string): SessionRow {
  return sessionRowFromJson(JSON.parse(data));
}

async function listLatest(
  latest: RecordStore,
  query: SessionQuery = {},
  where: { readonly live?: number } = {},
): Promise<SessionPage> {
  const limit = checkSessionQuery(query);
  const { afterSessionId } = query;
  const page = await latest.list({
    where,
    limit,
    ...(afterSessionId !== undefined && { afterKey: afterSessionId }),
  });
  return { rows: page.records.map(({ data }) => toRow(data)), more: page.more };
}

/** Equal rows have one key, however often they come. */
async function keyOf({ updatedAtMs, data }: KeptRow): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(data));
  const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${updatedAtMs.toString(16).padStart(TIME_DIGITS, '0')}-${hex}`;
}

async function appendAll(
  storage: Storage,
  rows: RecordStore,
  latest: RecordStore,
  given: readonly KeptRow[],
): Promise<void> {
  const keyed = new Map<string, KeptRow>();
  for (const row of given) {
    const key = await keyOf(row);
    if (!keyed.has(key)) keyed.set(key, row);
  }
  for (let attempt = 1; ; attempt++) {
    const puts = await putsFor(keyed, rows, latest);
    if (puts.length === 0) return;
    try {
      await storage.commit({ puts });
      return;
    } catch (cause) {
      if (!isMobError(cause, 'MOB_CONFLICT')) throw cause;
      if (attempt === MAX_ATTEMPTS) {
        const message = `Session rows could not be appended: others changed the same ones ${attempt} times`;
        throw new MobError('MOB_STORE_UNAVAILABLE', message, { cause, retryable: true });
      }
    }
  }
}

/** What to write so that rows are kept, by what is there now; it conflicts when that is not so any more. */
async function putsFor(
  keyed: ReadonlyMap<string, KeptRow>,
  rows: RecordStore,
  latest: RecordStore,
): Promise<PutWrite[]> {
  const puts = new Map<string, PutWrite>();
  const ends = new Map<string, { readonly key: string; readonly row: KeptRow; readonly version: number }>();
  for (const [key, row] of keyed) {
    if (await rows.get(key)) continue;
    const { sessionId } = row;
    const end = ends.get(sessionId) ?? (await endOf(sessionId, latest));
    const later = !end || row.updatedAtMs >= end.row.updatedAtMs;
    puts.set(key, putRow(key, row, !later, 0));
    if (!later) {
      ends.set(sessionId, end);
      continue;
    }
    // What is older and of an earlier commit is written anew: only whoever puts the latest does that.
    if (end) puts.set(end.key, putRow(end.key, end.row, true, puts.has(end.key) ? 0 : undefined));
    ends.set(sessionId, { key, row, version: end?.version ?? 0 });
  }
  const changed = [...ends].filter(([, { key }]) => puts.has(key));
  return [
    ...puts.values(),
    ...changed.map(([sessionId, { row, version }]): PutWrite => {
      const fields = { updated_at_ms: row.updatedAtMs, ...(!row.deleted && { live: 1 }) };
      const record = { fields, data: row.data };
      return { records: latestDefinition, key: sessionId, record, expectedVersion: version };
    }),
  ];
}

async function endOf(sessionId: string, latest: RecordStore) {
  const record = await latest.get(sessionId);
  if (!record) return undefined;
  const { updatedAtMs, deleted } = toRow(record.data);
  const row: KeptRow = { sessionId, updatedAtMs, deleted, data: record.data };
  return { key: await keyOf(row), row, version: record.version };
}

function putRow(
  key: string,
  row: KeptRow,
  superseded: boolean,
  expectedVersion: number | undefined,
): PutWrite {
  const fields = { session_id: row.sessionId, ...(superseded && { superseded: 1 }) };
  const record = { fields, data: row.data };
  return {
    records: rowsDefinition,
    key,
    record,
    ...(expectedVersion !== undefined && { expectedVersion }),
  };
}
