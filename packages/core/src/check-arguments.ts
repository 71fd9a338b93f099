import type { Definition, Fields, FieldType, FieldTypes } from './definition.js';
import type { LogQuery, NewEntry, PruneBounds } from './ordered-log.js';
import type { Claim, NewRecord, RecordQuery } from './record-store.js';
import type { AppendWrite, DeleteWrite, PutWrite, StorageWrite } from './storage.js';

// The rules every store holds its callers to, so that none takes what another refuses. All throw `TypeError`.

/** snake_case; two of them joined by `__` stay within the 63 characters of an SQL name, and cannot be confused. */
const NAME = /^(?=.{1,30}$)[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** Columns a store keeps beside the declared fields. */
const RESERVED = [
  'partition',
  'seq',
  'id',
  'timestamp_ms',
  'data',
  'key',
  'version',
  'due_at_ms',
  'first_seq',
  'last_seq',
];

/** Three bytes a character and two texts to an index row stay below what a Postgres index row can hold. */
const MAX_TEXT = 400;

// SQL text holds neither NUL nor half a surrogate pair. `data` may: `JSON.stringify` escapes both.
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Ids, keys, partitions and text fields: at most 400 characters, well-formed, without NUL. */
export function checkText(what: string, value: unknown): void {
  if (!isText(value)) throw notText(what);
}

/**
 * Whether a log or records can be kept under this name, with fields of these names.
 *
 * @throws TypeError when a name is not one, is reserved, or begins with `lease_`.
 */
export function checkDefinition({ name, fields }: Definition): void {
  if (!NAME.test(name)) throw new TypeError(`"${name}" cannot name a log or records`);
  for (const field of Object.keys(fields)) {
    if (!NAME.test(field) || RESERVED.includes(field) || field.startsWith('lease_')) {
      throw new TypeError(`"${field}" cannot name a field of "${name}"`);
    }
  }
}

/**
 * Whether an entry can be appended to this log: its id, time, data and fields.
 *
 * @throws TypeError that names the entry and what is wrong with it.
 */
export function checkEntry({ name, fields }: Definition, entry: NewEntry): void {
  if (!isText(entry.id)) throw notText(`The id of an entry of "${name}"`);
  if (!Number.isSafeInteger(entry.timestampMs))
    throw notInteger(`timestampMs of "${entry.id}"`, entry.timestampMs);
  checkData(entry.id, entry.data);
  checkFields(name, fields, entry.fields);
}

/**
 * Whether a record can be put under this key: the key, its due time, data and fields.
 *
 * @throws TypeError that names the key and what is wrong with it.
 */
export function checkRecord({ name, fields }: Definition, key: string, record: NewRecord): void {
  if (!isText(key)) throw notText(`A key of "${name}"`);
  if (record.dueAtMs !== undefined) checkInteger(`dueAtMs of "${key}"`, record.dueAtMs);
  checkData(key, record.data);
  checkFields(name, fields, record.fields);
}

/** Also what keeps the names in a filter, which may come from a request, out of SQL. */
export function checkQuery({ name, fields }: Definition, query: LogQuery | RecordQuery): void {
  const { where = {}, ...bounds } = query;
  for (const [bound, value] of Object.entries(bounds)) {
    if (value === undefined) continue;
    if (bound === 'afterKey') checkText(bound, value);
    else if (bound === 'withoutFields') checkTrue(bound, value);
    else checkInteger(bound, value);
  }
  checkOrder(bounds, 'afterSeq', 'beforeSeq');
  checkOrder(bounds, 'sinceMs', 'untilMs');
  for (const [field, values] of Object.entries(where)) {
    for (const value of [values].flat()) checkFields(name, fields, { [field]: value });
  }
}

/**
 * Whether a claim says who asks, for how long and for how many.
 *
 * @throws TypeError that names what it does not say.
 */
export function checkClaim({ owner, leaseMs, limit }: Claim): void {
  checkText('The owner of a claim', owner);
  checkInteger('leaseMs', leaseMs);
  checkInteger('limit', limit);
}

/** At least one bound, so that no empty object removes everything. */
export function checkPrune(bounds: PruneBounds): void {
  const given = Object.entries(bounds).filter(([, value]) => value !== undefined);
  if (given.length === 0) throw new TypeError('Pruning needs a bound');
  for (const [name, value] of given) checkInteger(name, value);
}

/**
 * Whether a commit can be stored: each of its parts, and that no two of them write the same.
 *
 * @throws TypeError that names the part.
 */
export function checkCommit(write: StorageWrite): void {
  const { puts = [], deletes = [], appends = [] } = write;
  if (puts.length + deletes.length + appends.length > 1) checkPartsDiffer(puts, deletes, appends);
  for (const { records, key, record } of puts) checkRecord(records, key, record);
  for (const { records, key } of deletes) if (!isText(key)) throw notText(`A key of "${records.name}"`);
  for (const { log, partition = '', entries, firstSeq } of appends) {
    if (!isText(partition)) throw notText(`A partition of "${log.name}"`);
    for (const entry of entries) checkEntry(log, entry);
    if (firstSeq !== undefined && !(Number.isSafeInteger(firstSeq) && firstSeq > 0)) {
      throw new TypeError(`firstSeq is not a whole number from 1: ${firstSeq}`);
    }
  }
}

function checkPartsDiffer(
  puts: readonly PutWrite[],
  deletes: readonly DeleteWrite[],
  appends: readonly AppendWrite[],
): void {
  const seen = new Set<string>();
  const once = (name: string, key: string) => {
    // Names have no slash, so the first one ends the name.
    const part = `${name}/${key}`;
    if (seen.has(part)) throw new TypeError(`A commit names ${JSON.stringify([name, key])} twice`);
    seen.add(part);
  };
  for (const { records, key } of puts) once(records.name, key);
  for (const { records, key } of deletes) once(records.name, key);
  for (const { log, partition = '' } of appends) once(log.name, partition);
}

function checkFields(name: string, types: FieldTypes, fields: Fields = {}): void {
  for (const field of Object.keys(fields)) {
    const value = fields[field];
    const type: FieldType | undefined = Object.hasOwn(types, field) ? types[field] : undefined;
    if (type === undefined) throw new TypeError(`"${name}" declares no field "${field}"`);
    if (value === undefined) continue;
    if (type === 'text') {
      if (!isText(value)) throw notText(`Field "${field}" of "${name}"`);
    } else if (!Number.isSafeInteger(value)) throw notInteger(`Field "${field}" of "${name}"`, value);
  }
}

/** A range whose end lies before its beginning was meant otherwise; an empty one (`from` equal to `to`) may be computed. */
function checkOrder(bounds: object, from: keyof LogQuery, to: keyof LogQuery): void {
  const { [from]: low, [to]: high } = bounds as LogQuery;
  if (typeof low === 'number' && typeof high === 'number' && low > high) {
    throw new TypeError(`${from} (${low}) is above ${to} (${high})`);
  }
}

function checkData(of: string, data: unknown): void {
  if (typeof data !== 'string') throw new TypeError(`data of "${of}" is not text: ${typeof data}`);
}

function checkInteger(what: string, value: unknown): void {
  if (!Number.isSafeInteger(value)) throw notInteger(what, value);
}

// Beside the checks: every write is checked, and naming what was fine would cost more than checking it.

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT && !UNSTORABLE.test(value);
}

function notText(what: string): TypeError {
  return new TypeError(`${what} is not well-formed text of at most ${MAX_TEXT} characters without NUL`);
}

function notInteger(what: string, value: unknown): TypeError {
  return new TypeError(`${what} is not a safe integer: ${String(value)}`);
}

function checkTrue(name: string, value: unknown): void {
  if (value !== true) throw new TypeError(`${name} is true or left out: ${String(value)}`);
}
