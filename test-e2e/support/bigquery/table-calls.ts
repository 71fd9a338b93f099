import { cellOf } from './cells.js';
import type { FaultBoard } from './fault-board.js';
import { partitionsOf } from './partitions.js';
import { planOf } from './plan.js';
import { timestampFormat } from './query-calls.js';
import { Refusal } from './refusal.js';
import { type ApiRequest, jsonOf } from './request.js';
import { createView, refuseUnmaterialized } from './run-definition.js';
import { quoted } from './sql/types.js';
import { beforeQuery, insertAll, type InsertAll } from './streaming.js';
import type { Table, TableName, TableResource } from './table.js';
import type { Warehouse } from './warehouse.js';

export interface TableDeps {
  readonly warehouse: Warehouse;
  readonly faults: FaultBoard;
}

/** The calls about one table. They are made one after the other with everything else that uses the tables. */
export function callTable(
  deps: TableDeps,
  name: TableName,
  method: string,
  call: string | undefined,
  request: ApiRequest,
): Promise<object | undefined> {
  return deps.warehouse.duck.alone(async () => {
    const { warehouse } = deps;
    const table = warehouse.table(name);
    if (call === 'insertAll' && method === 'POST') {
      return insertAll(warehouse, table, jsonOf(request) as InsertAll, deps.faults.of([name.datasetId]));
    }
    if (call === 'data' && method === 'GET') return tableData(deps, table, request);
    if (call !== undefined) return undefined;
    if (method === 'GET') return tableResource(warehouse, table);
    if (method === 'PATCH' || method === 'PUT') return change(warehouse, table, request);
    if (method !== 'DELETE') return undefined;
    await warehouse.removeTable(name);
    return {};
  });
}

export function insertTable(
  { warehouse }: TableDeps,
  projectId: string,
  datasetId: string,
  request: ApiRequest,
) {
  const body = jsonOf(request) as TableResource & {
    tableReference?: { tableId?: string };
    view?: View;
    materializedView?: View;
  };
  const name = { projectId, datasetId, tableId: body.tableReference?.tableId ?? '' };
  return warehouse.duck.alone(async () => {
    const { view, materializedView } = body;
    const said = view ?? materializedView;
    if (!said) return tableResource(warehouse, await warehouse.addTable(name, body));
    const plan = await planOf(warehouse, said.query, [], { projectId, datasetId });
    if (plan.statement.kind !== 'SELECT') throw new Refusal(400, 'invalidQuery', 'A view is a query');
    const { query } = plan.statement;
    if (materializedView) refuseUnmaterialized(query);
    return tableResource(warehouse, await createView(warehouse, name, query, said.query, !view, plan));
  });
}

interface View {
  readonly query: string;
}

export function listTables(
  { warehouse }: TableDeps,
  projectId: string,
  datasetId: string,
  { query }: ApiRequest,
) {
  const all = [...warehouse.dataset(projectId, datasetId).tables.values()];
  const from = Number(query.get('pageToken') ?? 0);
  const next = from + Number(query.get('maxResults') ?? 1000);
  return {
    kind: 'bigquery#tableList',
    totalItems: all.length,
    tables: all.slice(from, next).map((table) => ({ kind: 'bigquery#table', ...described(table) })),
    ...(next < all.length && { nextPageToken: String(next) }),
  };
}

async function change(warehouse: Warehouse, table: Table, request: ApiRequest): Promise<object> {
  const match = request.headers['if-match'];
  if (match !== undefined && match !== table.etag) {
    throw new Refusal(412, 'conditionNotMet', 'Precondition check failed.');
  }
  const { schema, timePartitioning, ...rest } = jsonOf(request) as TableResource & { etag?: string };
  const old = table.partitioning;
  if (timePartitioning && (timePartitioning.field !== old?.field || timePartitioning.type !== old.type)) {
    throw new Refusal(400, 'invalid', 'Cannot change partitioning spec for a partitioned table.');
  }
  if (schema?.fields) await warehouse.setFields(table, schema.fields);
  table.resource = { ...table.resource, ...rest, ...(timePartitioning && { timePartitioning }) };
  table.changed();
  return tableResource(warehouse, table);
}

async function tableResource(warehouse: Warehouse, table: Table): Promise<object> {
  const stored = table.type === 'TABLE' ? await partitionsOf(warehouse, table) : [];
  const rows = stored.reduce((sum, partition) => sum + partition.rows, 0);
  const bytes = stored
    .flatMap((partition) => [...partition.bytes.values()])
    .reduce((sum, size) => sum + size, 0);
  return {
    ...table.resource,
    kind: 'bigquery#table',
    etag: table.etag,
    ...described(table),
    lastModifiedTime: String(table.modified),
    location: 'US',
    numRows: String(rows),
    numBytes: String(bytes),
    ...(table.bufferedSince !== undefined && { streamingBuffer: await buffered(warehouse, table) }),
  };
}

async function buffered(warehouse: Warehouse, table: Table): Promise<object> {
  const { rows } = await warehouse.duck.run(`SELECT count(*) FROM ${table.buffer}`);
  const hidden = table.hidden.reduce((sum, { count }) => sum + count, 0);
  return {
    estimatedRows: String(Number(rows[0]?.[0]) + hidden),
    estimatedBytes: '0',
    oldestEntryTime: String(table.bufferedSince),
  };
}

function described(table: Table): object {
  const { timePartitioning, clustering } = table.resource;
  return {
    id: table.id,
    type: table.type,
    tableReference: table.name,
    creationTime: String(table.created),
    ...(timePartitioning && { timePartitioning }),
    ...(clustering && { clustering }),
  };
}

/** `tabledata.list`: the rows in no promised order. */
async function tableData(
  { warehouse, faults }: TableDeps,
  table: Table,
  { query }: ApiRequest,
): Promise<object> {
  await beforeQuery(warehouse, table, faults.of([table.name.datasetId]));
  const from = Number(query.get('pageToken') ?? query.get('startIndex') ?? 0);
  const most = Math.min(Number(query.get('maxResults') ?? 10_000), 100_000);
  const columns = table.columns.map(({ name }) => quoted(name)).join(', ');
  const counted = await warehouse.duck.run(`SELECT count(*) FROM ${table.all}`);
  const { rows } = await warehouse.duck.run(
    `SELECT ${columns} FROM ${table.all} LIMIT ${most} OFFSET ${from}`,
  );
  const total = Number(counted.rows[0]?.[0]);
  const format = timestampFormat({
    useInt64Timestamp: query.get('formatOptions.useInt64Timestamp') === 'true',
  });
  const next = from + rows.length;
  return {
    kind: 'bigquery#tableDataList',
    totalRows: String(total),
    rows: rows.map((row) => ({
      f: table.columns.map(({ type }, at) => cellOf(row[at] ?? null, type, format)),
    })),
    ...(next < total && { pageToken: String(next) }),
  };
}
