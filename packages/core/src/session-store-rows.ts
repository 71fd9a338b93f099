import { checkText } from './check-arguments.js';
import { isPlainObject } from './copy-json.js';
import type { JsonObject } from './json-value.js';
import type { SessionRow } from './session-store.js';

/** The last millisecond of the year 9999: warehouses know no later one, and it tells micro- from milliseconds. */
const LAST_MS = 253_402_300_799_999;

const MAX_DEPTH = 100;

/**
 * The rule every `SessionStore` holds its callers to, so that none takes what another refuses.
 *
 * @throws TypeError for rows that cannot be kept, naming what is wrong.
 */
export function checkSessionRows(rows: readonly SessionRow[]): void {
  if (!Array.isArray(rows)) throw new TypeError('Session rows are not an array');
  for (const row of rows) checkRow(row);
}

/** A row as files and the wire spell it, its labels sorted by name; two that are equal have the same JSON text. */
export function sessionRowToJson({
  sessionId,
  updatedAtMs,
  deleted,
  payload,
  labels,
}: SessionRow): JsonObject {
  const sorted = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return {
    session_id: sessionId,
    updated_at_ms: updatedAtMs,
    deleted,
    payload,
    labels: Object.fromEntries(sorted),
  };
}

/**
 * A row from what files and the wire spell; `deleted`, `payload` and `labels` may be absent: false, null, none. Other fields
 * are left out.
 *
 * @throws TypeError for what is no row, naming what is wrong.
 */
export function sessionRowFromJson(json: unknown): SessionRow {
  if (!isPlainObject(json)) throw new TypeError('A session row is not an object');
  const { session_id, updated_at_ms, deleted = false, payload = null, labels = {} } = json;
  const row = { sessionId: session_id, updatedAtMs: updated_at_ms, deleted, payload, labels } as SessionRow;
  checkRow(row);
  return row;
}

function checkRow(row: SessionRow): void {
  if (!isPlainObject(row)) throw new TypeError('A session row is not an object');
  const { sessionId, updatedAtMs, deleted, payload, labels }: SessionRow = row;
  checkText('The sessionId of a session row', sessionId);
  if (sessionId === '') throw new TypeError('The sessionId of a session row is empty');
  const of = `of session ${JSON.stringify(sessionId)}`;
  if (!(Number.isSafeInteger(updatedAtMs) && updatedAtMs >= 0 && updatedAtMs <= LAST_MS)) {
    throw new TypeError(`updatedAtMs ${of} is no time in whole milliseconds: ${String(updatedAtMs)}`);
  }
  if (typeof deleted !== 'boolean') throw new TypeError(`deleted ${of} is neither true nor false`);
  if (!isPlainObject(labels)) throw new TypeError(`labels ${of} are not an object`);
  for (const [name, value] of Object.entries<unknown>(labels)) {
    if (typeof value !== 'string') throw new TypeError(`labels ${of} have "${name}", which is not text`);
  }
  checkJson(payload, `payload ${of}`, 0);
}

function checkJson(value: unknown, at: string, depth: number): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (depth > MAX_DEPTH) throw new TypeError(`${at} is nested more than ${MAX_DEPTH} deep`);
  if (Array.isArray(value)) {
    // By number: a hole in it is seen too.
    for (let index = 0; index < value.length; index++) checkJson(value[index], at, depth + 1);
  } else if (isPlainObject(value)) {
    for (const within of Object.values(value)) {
      if (within !== undefined) checkJson(within, at, depth + 1);
    }
  } else
    throw new TypeError(`${at} holds a ${typeof value} or an object with a class, which JSON cannot hold`);
}
