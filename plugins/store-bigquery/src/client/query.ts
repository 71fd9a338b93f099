import { randomUUID } from 'node:crypto';

import type { JsonObject } from '@mobkit/core';

import type { BigQueryClient, Call } from './bigquery-client.js';
import { jobDeadline, jobOf, lateJob, LONG_POLL_MS, startJob, tell } from './jobs.js';
import { type QueryParameters, toQueryParameters } from './parameters.js';
import { type QueryRow, rowsOf } from './query-rows.js';

/** Rows of one answer; the server sends fewer when they are large. */
const PAGE_ROWS = 10_000;

export interface QueryOptions {
  /** Completes "BigQuery could not …". */
  readonly doing: string;
  readonly parameters?: QueryParameters;
  /** Stops reading at this many rows. @defaultValue all of them */
  readonly maxRows?: number;
  readonly signal?: AbortSignal | undefined;
  /** Of a statement that writing cannot do without: `maxBytesBilled` does not limit it. @defaultValue false */
  readonly unlimited?: boolean;
}

/**
 * Every row of a SELECT, page by page, however long the job takes within its time. Text of users belongs into `parameters`,
 * names of tables come from `tableName`.
 *
 * @throws MobError as `BigQueryClient.call`; `MOB_STORE_REFUSED` also when it would read more than `maxBytesBilled`.
 */
export async function query(client: BigQueryClient, sql: string, options: QueryOptions): Promise<QueryRow[]> {
  const { doing, maxRows = Infinity } = options;
  const first = await client.call(queryCall(client, sql, options));
  const answers = await completed(client, first, options);
  const rows = answers.flatMap((answer) => rowsOf(doing, answer));
  tell(client, { kind: 'query', doing, ...jobIdOf(first) }, answers[0]?.['totalBytesProcessed']);
  return rows.length > maxRows ? rows.slice(0, maxRows) : rows;
}

/**
 * Runs a statement that changes rows, once however often its answer is lost, and returns how many it changed.
 *
 * @throws MobError as `query` does.
 */
export async function execute(client: BigQueryClient, sql: string, options: QueryOptions): Promise<number> {
  const { doing, signal } = options;
  const configuration = { query: statement(client, sql, options) };
  const job = await startJob(client, doing, `mobkit_${randomUUID()}`, configuration);
  const answer = await results(client, job, options);
  tell(client, { kind: 'query', doing, jobId: job.jobId }, answer['totalBytesProcessed']);
  signal?.throwIfAborted();
  return Number(answer['numDmlAffectedRows'] ?? 0);
}

/**
 * As `execute`, in one request: for a statement that is done at once. Repeated within a quarter of an hour it is known again by
 * its request's id, and not later.
 */
export async function executeAtOnce(
  client: BigQueryClient,
  sql: string,
  options: QueryOptions,
): Promise<number> {
  const { doing } = options;
  const first = await client.call(queryCall(client, sql, options));
  const [answer = first] = await completed(client, first, { ...options, maxRows: 0 });
  tell(client, { kind: 'query', doing, ...jobIdOf(first) }, answer['totalBytesProcessed']);
  return Number(answer['numDmlAffectedRows'] ?? 0);
}

/** How many bytes a query would read, for nothing. */
export async function estimateBytes(
  client: BigQueryClient,
  sql: string,
  options: QueryOptions,
): Promise<number> {
  const { doing, signal } = options;
  const { location } = client.options;
  const body = { ...statement(client, sql, options), dryRun: true, ...(location && { location }) };
  const answer = await client.call({
    doing,
    method: 'POST',
    path: '/queries',
    body: JSON.stringify(body),
    signal,
  });
  const bytes = Number(answer['totalBytesProcessed'] ?? 0);
  tell(client, { kind: 'dry_run', doing }, bytes);
  return bytes;
}

function queryCall(client: BigQueryClient, sql: string, options: QueryOptions): Call {
  const { doing, signal, maxRows = Infinity } = options;
  const { timeoutMs, location } = client.options;
  const body = {
    ...statement(client, sql, options),
    // The server knows a repeated request by it, and runs the statement once.
    requestId: randomUUID(),
    maxResults: Math.min(PAGE_ROWS, maxRows),
    timeoutMs: serverWaitMs(timeoutMs),
    ...(location !== undefined && { location }),
  };
  return { doing, method: 'POST', path: '/queries', body: JSON.stringify(body), signal };
}

/** The text and what belongs to it, as a request and a job both carry it. */
function statement(
  client: BigQueryClient,
  sql: string,
  { parameters = {}, unlimited = false }: QueryOptions,
): JsonObject {
  const { maxBytesBilled } = client.options;
  return {
    query: sql,
    useLegacySql: false,
    ...(Object.keys(parameters).length > 0 && {
      parameterMode: 'NAMED',
      queryParameters: toQueryParameters(parameters),
    }),
    ...(maxBytesBilled !== undefined && !unlimited && { maximumBytesBilled: String(maxBytesBilled) }),
  };
}

/** The answer, when need be awaited, and the pages after it. */
async function completed(
  client: BigQueryClient,
  first: JsonObject,
  options: QueryOptions,
): Promise<JsonObject[]> {
  const { doing, maxRows = Infinity } = options;
  const job = jobOf(first);
  let answer = first;
  if (answer['jobComplete'] === false) {
    if (!job) throw lateJob(doing, 'without an id');
    answer = await results(client, job, options);
  }
  const answers = [answer];
  let rows = countOf(answer);
  for (let token = answer['pageToken']; typeof token === 'string' && token && rows < maxRows && job;) {
    answer = await results(client, job, options, token);
    answers.push(answer);
    rows += countOf(answer);
    token = answer['pageToken'];
  }
  return answers;
}

/** The results of a job, once it is done; the server answers as soon as it is. */
async function results(
  client: BigQueryClient,
  job: { readonly jobId: string; readonly location?: string },
  { doing, signal, maxRows = Infinity }: QueryOptions,
  pageToken?: string,
): Promise<JsonObject> {
  const deadline = jobDeadline(client);
  const { timeoutMs } = client.options;
  const location = job.location ?? client.options.location;
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, LONG_POLL_MS)) {
    const answer = await client.call({
      doing,
      method: 'GET',
      path: `/queries/${encodeURIComponent(job.jobId)}`,
      parameters: {
        maxResults: String(Math.min(PAGE_ROWS, maxRows)),
        timeoutMs: String(serverWaitMs(timeoutMs)),
        ...(location !== undefined && { location }),
        ...(pageToken !== undefined && { pageToken }),
      },
      signal,
    });
    if (answer['jobComplete'] !== false) return answer;
    if (client.clock.now() >= deadline) throw lateJob(doing, job.jobId);
    // A server that answers at once although it is not done is not asked in a circle.
    await client.pause(doing, pauseMs);
  }
}

/** The server's answer, that it is not done yet too, has to be here before the request is given up. */
function serverWaitMs(timeoutMs: number): number {
  return Math.min(LONG_POLL_MS, Math.ceil(timeoutMs / 2));
}

function countOf({ rows }: JsonObject): number {
  return Array.isArray(rows) ? rows.length : 0;
}

function jobIdOf(answer: JsonObject): { readonly jobId?: string } {
  const job = jobOf(answer);
  return job ? { jobId: job.jobId } : {};
}
