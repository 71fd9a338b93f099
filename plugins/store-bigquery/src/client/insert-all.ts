import type { MobError } from '@mobkit/core';

import type { BigQueryClient } from './bigquery-client.js';
import { storeError } from './errors.js';
import { isObject } from './query-rows.js';
import type { TableName } from './names.js';
import { RowBytes } from './row-bytes.js';

/** A row to stream. */
export interface StreamRow {
  /** The server leaves a second row of this id out if it comes within a minute or so: a help, no promise. */
  readonly insertId?: string;
  /** The row as JSON text. */
  readonly json: string;
}

/** What one request of `insertAll` takes at most; some room is left for what surrounds the rows. */
export const MAX_REQUEST_BYTES = 10_000_000 - 20_000;
const MAX_REQUEST_ROWS = 50_000;

/** Where so many are refused on their own, so will be the others: it is not to be found out by a request for each. */
const MAX_REFUSED_ALONE = 8;

const BEFORE = Buffer.from('{"skipInvalidRows":true,"ignoreUnknownValues":false,"rows":[');
const AFTER = Buffer.from(']}');

/**
 * Streams rows into a table, in as many requests as their number and size need, one after the other. A row that the server did
 * not take is sent once more on its own, so that none is refused for its neighbours; once eight were refused on their own the
 * rest of them is not tried.
 *
 * @throws MobError `MOB_STORE_REFUSED` with `details.reason` `data`, `details.row` (its index in `rows`) and `details.server_reason`
 * for a row that is larger than a request, before anything is sent, and for one that is refused on its own too: all others that
 * were tried are in by then. Everything else as `BigQueryClient.call`, and then some rows may be in.
 */
export async function insertAll(
  client: BigQueryClient,
  table: TableName,
  rows: readonly StreamRow[],
  options: { readonly doing: string; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const bytes = new RowBytes(client.spareRoom.take());
  for (const row of rows) bytes.add(toBody(row));
  for (const part of splitRequests(options.doing, bytes)) {
    const failed = await send(client, table, bytes, part, options);
    await retryFailed(client, table, failed, bytes, options);
  }
  // Not after a failure: what failed may still be on its way.
  client.spareRoom.giveBack(bytes.room);
}

/** Rows that go together, without the last. */
interface Part {
  readonly from: number;
  readonly to: number;
}

interface FailedRow {
  readonly row: number;
  readonly reason: string;
  readonly message: string;
}

async function retryFailed(
  client: BigQueryClient,
  table: TableName,
  failed: readonly FailedRow[],
  rows: RowBytes,
  options: { readonly doing: string; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  let refused: FailedRow | undefined;
  let alone = 0;
  for (const { row } of failed) {
    if (alone === MAX_REFUSED_ALONE) break;
    const [again] = await send(client, table, rows, { from: row, to: row + 1 }, options);
    if (!again) continue;
    alone += 1;
    refused ??= { ...again, row };
  }
  if (!refused) return;
  const { row, reason, message } = refused;
  throw storeError({
    doing: options.doing,
    reason,
    message: `row ${row}: ${message}`,
    details: { row, ...(!RETRYABLE_ROW.includes(reason) && { reason: 'data' }) },
  });
}

/** Of a row: not its own fault. */
const RETRYABLE_ROW = ['backendError', 'internalError', 'stopped', 'timeout'];

/** Those of a part that were not taken, by their index among all. */
async function send(
  client: BigQueryClient,
  { dataset, table }: TableName,
  rows: RowBytes,
  { from, to }: Part,
  { doing, signal }: { readonly doing: string; readonly signal?: AbortSignal | undefined },
): Promise<FailedRow[]> {
  const { insertErrors = [] } = await client.call({
    doing,
    method: 'POST',
    path: `/datasets/${dataset}/tables/${table}/insertAll`,
    body: [BEFORE, rows.slice(from, to), AFTER],
    signal,
  });
  if (!Array.isArray(insertErrors))
    throw storeError({ doing, reason: 'invalidAnswer', message: 'insertErrors' });
  return insertErrors.map((failed) => {
    const { index, errors } = isObject(failed) ? failed : {};
    const first = Array.isArray(errors) ? errors[0] : undefined;
    const { reason, message } = isObject(first) ? first : {};
    const row = Number(index ?? 0);
    // Whichever it means was not taken.
    if (!Number.isInteger(row) || row < 0 || from + row >= to) {
      const said = `insertErrors names row ${row} of ${to - from}`;
      throw storeError({ doing, reason: 'invalidAnswer', message: said });
    }
    return {
      row: from + row,
      reason: typeof reason === 'string' ? reason : 'invalid',
      message: typeof message === 'string' ? message : 'no reason was given',
    };
  });
}

function toBody({ insertId, json }: StreamRow): string {
  return insertId === undefined
    ? `{"json":${json}}`
    : `{"insertId":${JSON.stringify(insertId)},"json":${json}}`;
}

/** Whether a row, with an insert id, is small enough to be streamed at all. */
export function fitsRequest(json: string): boolean {
  const most = MAX_REQUEST_BYTES - 200;
  // A character is of three bytes at most.
  return json.length * 3 <= most || Buffer.byteLength(json) <= most;
}

/** Cuts where a request would be too large, in bytes or in rows. */
export function splitRequests(doing: string, rows: RowBytes): readonly Part[] {
  const requests: { from: number; to: number }[] = [];
  if (rows.count === 0) return requests;
  if (rows.count <= MAX_REQUEST_ROWS && rows.endBefore(rows.count) < MAX_REQUEST_BYTES) {
    return [{ from: 0, to: rows.count }];
  }
  for (let row = 0, bytes = 0; row < rows.count; row++) {
    // With the comma.
    const size = rows.slice(row, row + 1).length + 1;
    if (size > MAX_REQUEST_BYTES) throw tooLarge(doing, row, size);
    const last = requests.at(-1);
    if (!last || bytes + size > MAX_REQUEST_BYTES || last.to - last.from === MAX_REQUEST_ROWS) {
      requests.push({ from: row, to: row + 1 });
      bytes = size;
    } else {
      last.to = row + 1;
      bytes += size;
    }
  }
  return requests;
}

function tooLarge(doing: string, row: number, bytes: number): MobError {
  const message = `row ${row} is of ${bytes} bytes, and a request takes ${MAX_REQUEST_BYTES}`;
  return storeError({ doing, reason: 'rowTooLarge', message, details: { row, reason: 'data' } });
}
