import { isMobError, isRecord, type JsonValue, MobError, type SessionRow } from '@mobkit/core';
import { checkWarehouseNaming, type SessionTable } from '@mobkit/core/ops';
import { z } from 'zod';

import { name, parseParams, says, text, wholeNumber } from './params.js';

/** What every operation is called, in full and in short. */
const OPERATIONS = {
  stream_insert_rows: 'stream_insert_rows',
  stream_insert: 'stream_insert_rows',
  read_rows: 'read_rows',
  read_latest_rows: 'read_latest_rows',
  read_latest: 'read_latest_rows',
  read_live_rows: 'read_live_rows',
  read_live: 'read_live_rows',
} as const;

type OperationName = keyof typeof OPERATIONS;

/** An operation by the name that answers have. */
type SessionOperation = (typeof OPERATIONS)[OperationName];

/** What a caller asks of the sessions in a table. */
export type SessionStoreRequest =
  | {
      readonly operation: 'stream_insert_rows';
      readonly table: SessionTable;
      readonly rows: readonly SessionRow[];
    }
  | {
      readonly operation: Exclude<SessionOperation, 'stream_insert_rows'>;
      readonly table: SessionTable;
      readonly after?: string;
      readonly limit: number;
    };

/** The most rows that one request holds, and one answer. */
const MOST_ROWS = 4096;

/** A request is not held open for longer, in milliseconds. */
const LONGEST_TIMEOUT_MS = 600_000;

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isRecord(value) && Object.values(value).every((one) => typeof one === 'string');

const row = z.strictObject({
  session_id: name,
  updated_at_ms: wholeNumber,
  deleted: z.boolean(says('must be true or false')).default(false),
  payload: z.custom<JsonValue>().optional(),
  // Any key is one, also `__proto__`, which a copy of the object would lose.
  labels: z.custom<Readonly<Record<string, string>>>(isTexts, 'must be an object of texts').optional(),
});

const names = Object.keys(OPERATIONS) as OperationName[];
const params = z.strictObject({
  operation: z.enum(names, says(`must be one of ${names.join(', ')}`)),
  dataset: text,
  table: text,
  project_id: text.optional(),
  access_token: text.optional(),
  api_base_url: text.optional(),
  timeout_ms: wholeNumber
    .refine(
      (value) => value >= 1 && value <= LONGEST_TIMEOUT_MS,
      `must be from 1 to ${LONGEST_TIMEOUT_MS}: leave it out for the usual time`,
    )
    .optional(),
  rows: z
    .array(row, says('must be a list of rows'))
    .max(MOST_ROWS, `must be at most ${MOST_ROWS}: send the others in another request`)
    .optional(),
  after: text.optional(),
  limit: wholeNumber
    .refine((value) => value >= 1 && value <= MOST_ROWS, `must be from 1 to ${MOST_ROWS}: page on with after`)
    .optional(),
});

type Params = z.output<typeof params>;

/** @throws MobError `MOB_REQUEST_INVALID`, naming the field. No value of a field is in its message but that of a name. */
export function parseSessionStoreRequest(given: unknown): SessionStoreRequest {
  const fields = parseParams(params, given);
  const operation = OPERATIONS[fields.operation];
  const table = tableOf(fields);
  const { rows, after, limit } = fields;
  if (operation === 'stream_insert_rows') {
    if (!rows) throw invalid('rows', `rows is required: ${operation} is what writes them`);
    refuse({ after, limit }, operation);
    return { operation, table, rows: rows.map(toRow) };
  }
  refuse({ rows }, operation);
  return { operation, table, limit: limit ?? MOST_ROWS, ...(after !== undefined && { after }) };
}

function tableOf(fields: Params): SessionTable {
  const { dataset, table, project_id: projectId, access_token: accessToken } = fields;
  const { api_base_url: apiBaseUrl, timeout_ms: timeoutMs } = fields;
  checkNames(dataset, table);
  return {
    dataset,
    table,
    ...(projectId !== undefined && { projectId }),
    ...(accessToken !== undefined && { accessToken }),
    ...(apiBaseUrl !== undefined && { apiBaseUrl }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

function checkNames(dataset: string, table: string): void {
  try {
    checkWarehouseNaming({ dataset, table });
  } catch (error) {
    if (!isMobError(error, 'MOB_POLICY_INVALID')) throw error;
    throw invalid(String(error.details['field']), error.message);
  }
}

/** What an operation would not look at was meant for another one. */
function refuse(fields: Readonly<Record<string, unknown>>, operation: SessionOperation): void {
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined) throw invalid(field, `${field} is not for ${operation}: leave it out`);
  }
}

function toRow(given: z.output<typeof row>): SessionRow {
  const { session_id: sessionId, updated_at_ms: updatedAtMs, deleted, payload = null, labels = {} } = given;
  return { sessionId, updatedAtMs, deleted, payload, labels };
}

function invalid(field: string, message: string): MobError {
  return new MobError('MOB_REQUEST_INVALID', message, { details: { field } });
}
