import { createHash, randomUUID } from 'node:crypto';

import { backoffMs, type JsonObject, MobError } from '@mobkit/core';

import type { BigQueryClient } from './bigquery-client.js';
import { storeError } from './errors.js';
import { awaitJob, startJob, tell } from './jobs.js';
import type { TableName } from './names.js';
import { isObject } from './query-rows.js';

const LONGEST_PAUSE_MS = 2_000;
/** A multipart upload is one request; longer ones would have to be resumable. */
const MAX_LOAD_BYTES = 64 * 2 ** 20;
/** Jobs that are begun for the same rows at a time. */
const MAX_JOBS = 4;
/** A job that failed keeps its id. So many ids follow from the rows; after a long outage all may be used up. */
const MAX_IDS = 4;

/**
 * Loads rows, JSON text each, by jobs whose ids follow from the rows: the same rows loaded again, by whomever, are loaded once.
 * When it resolves they can be read. All of a job's rows or none; rows of more than 64 MB take several jobs.
 *
 * @param options.key - What the rows are, where their text is another each time they are loaded. @defaultValue their text
 * @throws MobError as `awaitJob`; `MOB_STORE_REFUSED` with `details.reason` `data` when it is the fault of a row, with `details.row` for one
 * that is larger than an upload, before anything is sent.
 */
export async function load(
  client: BigQueryClient,
  table: TableName,
  rows: readonly string[],
  { doing, key }: { readonly doing: string; readonly key?: string },
): Promise<void> {
  for (const [at, part] of partsOf(doing, rows).entries()) {
    const named = createHash('sha256')
      .update(table.sql)
      .update('\0')
      .update(key === undefined ? part : `${at} ${key}`);
    await loadPart(client, table, part, { doing, id: named.digest('hex').slice(0, 40) });
  }
}

async function loadPart(
  client: BigQueryClient,
  table: TableName,
  part: string,
  { doing, id }: { readonly doing: string; readonly id: string },
): Promise<void> {
  for (let attempt = 1, begun = 0; ; attempt++) {
    // Rows that are loaded twice for it count once all the same.
    const named = attempt <= MAX_IDS ? attempt : randomUUID();
    const job = await startJob(client, doing, `mobkit_load_${id}_${named}`, configuration(table), {
      uploadType: `multipart/related; boundary=${BOUNDARY}`,
      body: (metadata) => multipart(metadata, part),
    });
    try {
      const done = await awaitJob(client, doing, job);
      const { statistics } = done;
      const { load: loaded } = isObject(statistics) ? statistics : {};
      tell(
        client,
        { kind: 'load', doing, jobId: job.jobId },
        isObject(loaded) ? loaded['inputFileBytes'] : 0,
      );
      return;
    } catch (error) {
      // Only of a job that is known to have failed: `details.job_id` with a reason of the server's.
      const { details } = error as MobError;
      const failed = details?.['job_id'] !== undefined && details['server_reason'] !== undefined;
      if (!failed) throw error;
      if (job.existed) continue;
      begun++;
      if (!(error as MobError).retryable || begun === MAX_JOBS) throw blamingRows(error as MobError);
      await client.pause(doing, backoffMs(begun - 1, LONGEST_PAUSE_MS));
    }
  }
}

function configuration({ projectId, dataset, table }: TableName): JsonObject {
  return {
    load: {
      destinationTable: { projectId, datasetId: dataset, tableId: table },
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      createDisposition: 'CREATE_NEVER',
      writeDisposition: 'WRITE_APPEND',
      maxBadRecords: 0,
    },
  };
}

/** Stands in no row: JSON text has no line of its own that begins so. */
const BOUNDARY = `mobkit_${randomUUID()}`;

function multipart(metadata: string, rows: string): string {
  return (
    `--${BOUNDARY}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${metadata}\r\n` +
    `--${BOUNDARY}\r\nContent-Type: application/octet-stream\r\n\r\n${rows}\r\n--${BOUNDARY}--\r\n`
  );
}

/** Rows by lines, each part of a size that one request may have. */
function partsOf(doing: string, rows: readonly string[]): string[] {
  const parts: string[] = [];
  for (let from = 0; from < rows.length;) {
    let to = from;
    for (let bytes = 0; to < rows.length; to++) {
      const size = Buffer.byteLength(rows[to] ?? '') + 1;
      if (size > MAX_LOAD_BYTES) throw tooLarge(doing, to, size);
      bytes += size;
      if (bytes > MAX_LOAD_BYTES && to > from) break;
    }
    parts.push(`${rows.slice(from, to).join('\n')}\n`);
    from = to;
  }
  return parts;
}

function tooLarge(doing: string, row: number, bytes: number): MobError {
  const message = `row ${row} is of ${bytes} bytes, and an upload takes ${MAX_LOAD_BYTES}`;
  return storeError({ doing, reason: 'rowTooLarge', message, details: { row, reason: 'data' } });
}

/** A job says of rows only that one of them was not taken. */
function blamingRows(error: MobError): MobError {
  if (error.details['server_reason'] !== 'invalid') return error;
  const { code, message, details } = error;
  return new MobError(code, message, { details: { ...details, reason: 'data' }, cause: error });
}
