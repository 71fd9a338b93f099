import type { Faults } from './faults.js';
import { invalid, Refusal } from './refusal.js';
import { insertSql, readRow } from './rows.js';
import { quoted } from './sql/types.js';
import type { Table } from './table.js';
import type { Warehouse } from './warehouse.js';

export interface InsertAll {
  readonly rows?: readonly {
    readonly insertId?: string;
    readonly json?: Readonly<Record<string, unknown>>;
  }[];
  readonly skipInvalidRows?: boolean;
  readonly ignoreUnknownValues?: boolean;
  readonly templateSuffix?: string;
}

interface InsertError {
  readonly index: number;
  readonly errors: readonly { reason: string; location: string; debugInfo: string; message: string }[];
}

const MOST_ROWS = 50_000;
const LONGEST_INSERT_ID = 128;
/** How long a row with the same id is known for it, as the service promises at least. */
const REMEMBERED_MS = 60_000;

/** Takes streamed rows: each is wrong by itself, and with one wrong row none is taken unless the caller says so. */
export async function insertAll(warehouse: Warehouse, table: Table, body: InsertAll, faults: Faults) {
  const rows = body.rows ?? [];
  if (rows.length === 0) throw invalid('No rows present in the request.');
  if (rows.length > MOST_ROWS) {
    throw invalid(`too many rows present in the request, limit: ${MOST_ROWS} row count: ${rows.length}`);
  }
  if (table.type !== 'TABLE')
    throw new Refusal(400, 'invalid', `Cannot add rows to ${table.id}, which is a view`);
  if (table.fields.length === 0) throw invalid('The destination table has no schema.');
  const rules = { ignoreUnknownValues: body.ignoreUnknownValues ?? false, jsonAsText: true };
  const errors: InsertError[] = [];
  const taken: { readonly insertId: string | undefined; readonly row: object }[] = [];
  for (const [index, { insertId, json = {} }] of rows.entries()) {
    if (insertId !== undefined && insertId.length > LONGEST_INSERT_ID)
      throw invalid(`Insert ID too long: ${insertId}`);
    const fault = faults.insertError(index, insertId, json);
    const read = fault
      ? [{ location: '', message: fault.message ?? '' }]
      : readRow(table.fields, json, rules);
    if (Array.isArray(read)) {
      const reason = fault?.reason ?? 'invalid';
      errors.push({ index, errors: read.map((problem) => ({ reason, debugInfo: '', ...problem })) });
    } else {
      taken.push({ insertId, row: read });
    }
  }
  if (errors.length > 0 && !body.skipInvalidRows) return answer(stopped(rows.length, errors));
  await add(warehouse, table, taken, faults);
  return answer(errors);
}

function answer(insertErrors: readonly InsertError[]) {
  return { kind: 'bigquery#tableDataInsertAllResponse', ...(insertErrors.length > 0 && { insertErrors }) };
}

function stopped(count: number, errors: readonly InsertError[]): InsertError[] {
  const wrong = new Map(errors.map((error) => [error.index, error]));
  const all = Array.from({ length: count }, (_, index) => index);
  const rest = [{ reason: 'stopped', location: '', debugInfo: '', message: '' }];
  return all.map((index) => wrong.get(index) ?? { index, errors: rest });
}

async function add(
  warehouse: Warehouse,
  table: Table,
  taken: readonly { readonly insertId: string | undefined; readonly row: object }[],
  faults: Faults,
): Promise<void> {
  const now = Date.now();
  for (const [id, at] of table.insertIds) {
    if (now - at < REMEMBERED_MS) break;
    table.insertIds.delete(id);
  }
  const rows: object[] = [];
  for (const { insertId, row } of taken) {
    if (insertId !== undefined && !faults.forgetsInsertIds) {
      if (table.insertIds.has(insertId)) continue;
      table.insertIds.set(insertId, now);
    }
    rows.push(row);
  }
  if (rows.length === 0) return;
  const hidden = faults.hiding;
  const json = JSON.stringify(rows);
  table.bufferedSince ??= now;
  if (hidden) table.hidden.push({ json, count: rows.length, ...hidden });
  else await reveal(warehouse, table, json);
}

async function reveal(warehouse: Warehouse, table: Table, json: string): Promise<void> {
  await warehouse.duck.run(insertSql(table, 'buffer'), [json]);
  table.changed();
}

/** A query is about to read it: what was hidden long enough is seen from the next one on. */
export async function beforeQuery(warehouse: Warehouse, table: Table, faults: Faults): Promise<void> {
  const { streamingBufferMs } = faults;
  if (streamingBufferMs !== undefined && table.bufferedSince !== undefined) {
    if (Date.now() - table.bufferedSince >= streamingBufferMs) await release(warehouse, table);
  }
  const seen = table.hidden.filter((rows) => rows.queries !== undefined && rows.queries-- <= 0);
  table.hidden = table.hidden.filter((rows) => !seen.includes(rows));
  for (const { json } of seen) await reveal(warehouse, table, json);
}

/** Everything streamed is seen, and becomes what statements may change. */
export async function release(warehouse: Warehouse, table: Table): Promise<void> {
  if (table.type !== 'TABLE' || table.fields.length === 0) return;
  const { hidden } = table;
  table.hidden = [];
  for (const { json } of hidden) await reveal(warehouse, table, json);
  table.bufferedSince = undefined;
  const columns = table.fields.map(({ name }) => quoted(name)).join(', ');
  await warehouse.duck.run(`INSERT INTO ${table.stored} (${columns}) SELECT ${columns} FROM ${table.buffer}`);
  await warehouse.duck.run(`DELETE FROM ${table.buffer}`);
  table.changed();
}
