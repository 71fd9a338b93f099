import { type JsonObject, type JsonValue, MobError } from '@mobkit/core';

import type { BigQueryClient } from './bigquery-client.js';
import { statusOf } from './jobs.js';
import { isObject } from './query-rows.js';
import type { TableName } from './names.js';

/** What a table is to be like. Columns that nobody declares are kept, they may be of a newer version. */
export interface TableShape {
  /** Required where a row cannot be without. */
  readonly columns: Readonly<Record<string, { readonly type: ColumnType; readonly required?: true }>>;
  /** A DATE column: one partition a day. */
  readonly partitionedBy?: string;
  /** At most four columns. */
  readonly clusteredBy?: readonly string[];
  /** Partitions are removed by the server this many days after their day. Absent: never. */
  readonly retentionDays?: number;
}

type ColumnType = 'BOOLEAN' | 'DATE' | 'INTEGER' | 'STRING' | 'TIMESTAMP';

/** Answered for the same type; a table may have been made by a statement. */
const ALIASES: Readonly<Record<string, string>> = { BOOL: 'BOOLEAN', INT64: 'INTEGER' };
const DAY_MS = 86_400_000;

/**
 * Creates the dataset and the table when they are missing, adds missing columns, and sets how long partitions are kept. Safe from
 * several processes at once.
 *
 * @returns when the table was made, as the server writes it: of a table that is removed and made again it differs.
 * @throws MobError `MOB_CONFIG_INVALID` with `details.field` `table` and `details.column` for a table of another shape.
 */
export async function prepareTable(
  client: BigQueryClient,
  table: TableName,
  shape: TableShape,
): Promise<string> {
  const found = (await getTable(client, table)) ?? (await createTable(client, table, shape));
  const patch = { ...missingColumns(table, shape, found), ...expiry(shape, found) };
  expectLayout(table, shape, found);
  if (Object.keys(patch).length > 0) {
    await client.call({
      doing: `extend the table ${table.table}`,
      method: 'PATCH',
      path: `/datasets/${table.dataset}/tables/${table.table}`,
      body: JSON.stringify(patch),
    });
  }
  return textOf(found['creationTime']);
}

async function getTable(
  client: BigQueryClient,
  { dataset, table }: TableName,
): Promise<JsonObject | undefined> {
  try {
    const path = `/datasets/${dataset}/tables/${table}`;
    return await client.call({ doing: `look at the table ${table}`, method: 'GET', path });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

async function createTable(client: BigQueryClient, table: TableName, shape: TableShape): Promise<JsonObject> {
  const { projectId, dataset, table: tableId } = table;
  const { partitionedBy, clusteredBy, retentionDays } = shape;
  const create = () =>
    createUnlessThere(client, `create the table ${tableId}`, `/datasets/${dataset}/tables`, {
      tableReference: { projectId, datasetId: dataset, tableId },
      schema: { fields: Object.keys(shape.columns).map((name) => toField(name, shape)) },
      ...(partitionedBy !== undefined && {
        timePartitioning: {
          type: 'DAY',
          field: partitionedBy,
          ...(retentionDays !== undefined && { expirationMs: String(retentionDays * DAY_MS) }),
        },
      }),
      ...(clusteredBy !== undefined && { clustering: { fields: [...clusteredBy] } }),
    });
  let made: JsonObject | undefined;
  try {
    made = await create();
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    // Only then: who may make tables need not be allowed to make datasets.
    const { location } = client.options;
    await createUnlessThere(client, `create the dataset ${dataset}`, '/datasets', {
      datasetReference: { projectId, datasetId: dataset },
      ...(location !== undefined && { location }),
    });
    made = await create();
  }
  // Another process may have been first, with another shape.
  made ??= await getTable(client, table);
  if (made) return made;
  throw new MobError('MOB_STORE_UNAVAILABLE', `BigQuery does not show the table ${tableId} yet`, {
    retryable: true,
  });
}

/** What was made; undefined when it was there already. */
async function createUnlessThere(
  client: BigQueryClient,
  doing: string,
  path: string,
  body: JsonObject,
): Promise<JsonObject | undefined> {
  try {
    return await client.call({ doing, method: 'POST', path, body: JSON.stringify(body) });
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    return undefined;
  }
}

function missingColumns(table: TableName, { columns }: TableShape, found: JsonObject): JsonObject {
  const { schema } = found;
  const { fields = [] } = isObject(schema) ? schema : {};
  const there = new Map(
    (Array.isArray(fields) ? fields : []).filter(isObject).map((field) => [textOf(field['name']), field]),
  );
  const missing: JsonValue[] = [];
  for (const [name, { type, required }] of Object.entries(columns)) {
    const field = there.get(name);
    if (!field) {
      // The rows that are there would not have it.
      if (required) throw otherShape(table, name, 'is missing');
      missing.push({ name, type, mode: 'NULLABLE' });
      continue;
    }
    const is = textOf(field['type']);
    if ((ALIASES[is] ?? is) !== type) throw otherShape(table, name, `is of type ${is} instead of ${type}`);
    if (field['mode'] === 'REPEATED') throw otherShape(table, name, 'is a list');
  }
  for (const [name, field] of there) {
    if (field['mode'] === 'REQUIRED' && !columns[name])
      throw otherShape(table, name, 'is required, and nobody knows it');
  }
  return missing.length === 0 ? {} : { schema: { fields: [...(fields as JsonValue[]), ...missing] } };
}

function expectLayout(table: TableName, { partitionedBy, clusteredBy }: TableShape, found: JsonObject): void {
  const { timePartitioning, clustering } = found;
  const day = isObject(timePartitioning) ? timePartitioning : {};
  if (partitionedBy !== undefined && (day['field'] !== partitionedBy || day['type'] !== 'DAY')) {
    throw otherShape(table, partitionedBy, 'does not partition the table by day');
  }
  const clustered = isObject(clustering) && Array.isArray(clustering['fields']) ? clustering['fields'] : [];
  const wanted = clusteredBy ?? [];
  for (const [at, column] of wanted.entries()) {
    if (clustered[at] !== column) throw otherShape(table, column, 'does not cluster the table');
  }
}

function expiry({ partitionedBy, retentionDays }: TableShape, { timePartitioning }: JsonObject): JsonObject {
  if (partitionedBy === undefined || !isObject(timePartitioning)) return {};
  const wanted = retentionDays === undefined ? null : String(retentionDays * DAY_MS);
  const { expirationMs = null } = timePartitioning;
  const is = expirationMs === null ? null : textOf(expirationMs);
  if (is === wanted) return {};
  return { timePartitioning: { type: 'DAY', field: partitionedBy, expirationMs: wanted } };
}

function toField(name: string, { columns }: TableShape): JsonObject {
  const { type, required } = columns[name]!;
  return { name, type, mode: required ? 'REQUIRED' : 'NULLABLE' };
}

/** 64-bit numbers come as text, and sometimes as numbers. */
function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function otherShape({ sql, table }: TableName, column: string, how: string): MobError {
  const message = `The table ${sql} is of another shape: its column ${column} ${how}; name another table, or move it away`;
  return new MobError('MOB_CONFIG_INVALID', message, { details: { field: 'table', table, column } });
}
