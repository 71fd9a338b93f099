import { DuckDBListValue, type DuckDBValue } from '@duckdb/node-api';

import { type Defaults, tableName } from './names.js';
import { type QueryParameter, parametersOf } from './parameters.js';
import { type Partition, partitionsOf } from './partitions.js';
import { prune } from './pruning.js';
import { invalidQuery } from './refusal.js';
import { readingOf, type Scan } from './scans.js';
import { readStatement } from './sql/read-statement.js';
import { Scope } from './sql/scope.js';
import type { Expression, Statement, TablePath } from './sql/tree.js';
import { QueryWriter, type QueryGiven, type Relation } from './sql/write-query.js';
import type { Table } from './table.js';
import type { Warehouse } from './warehouse.js';

/** A statement that was read and may be run, and what it would cost. */
export interface Plan {
  readonly sql: string;
  readonly statement: Statement;
  readonly given: QueryGiven;
  readonly tables: readonly Table[];
  /** Of the partitioned tables it reads: what it reads of them, or `all` when nothing bounds one of them. */
  readonly partitions: readonly string[] | 'all';
  readonly totalBytesProcessed: number;
}

/** @throws Refusal when it is no statement, names what there is not, or reads more than it may. */
export async function planOf(
  warehouse: Warehouse,
  sql: string,
  parameters: readonly QueryParameter[],
  defaults: Defaults,
): Promise<Plan> {
  const statement = readStatement(sql);
  const given = { parameters: parametersOf(parameters), relation: relations(warehouse, defaults) };
  const find = (path: TablePath) => warehouse.table(tableName(path, defaults));
  const reading = readingOf(statement, (path) => (isInformation(path) ? undefined : find(path).query));
  const scans = reading.scans.filter(({ table }) => !isInformation(table));
  const tables = [...new Set(scans.map(({ table }) => find(table)))];
  let totalBytesProcessed = 0;
  let all = false;
  const ids = new Set<string>();
  for (const scan of scans) {
    const table = find(scan.table);
    const read = await partitionsRead(warehouse, scan, table, given);
    if (table.partitioning && !read.bounded) all = true;
    for (const { id, bytes } of read.partitions) {
      if (table.partitioning) ids.add(id);
      for (const [name, size] of bytes) {
        if (reading.names.has('*') || reading.names.has(name)) totalBytesProcessed += size;
      }
    }
  }
  return {
    sql,
    statement,
    given,
    tables,
    partitions: all ? 'all' : [...ids].toSorted(),
    totalBytesProcessed,
  };
}

async function partitionsRead(warehouse: Warehouse, scan: Scan, table: Table, given: QueryGiven) {
  const partitions = await partitionsOf(warehouse, table);
  if (!table.partitioning) return { partitions, bounded: false };
  const constants = (of: readonly Expression[]) => workedOut(warehouse, of, given);
  const spans = await prune(scan, table.partitioning.field, partitions, constants);
  if (spans) {
    const ids = new Set(spans.map(({ id }) => id));
    return { partitions: partitions.filter(({ id }: Partition) => ids.has(id)), bounded: true };
  }
  if (table.needsPartitionFilter) {
    throw invalidQuery(
      `Cannot query over table '${table.id}' without a filter over column(s) '${table.partitioning.field}' that can be used for partition elimination`,
    );
  }
  return { partitions, bounded: false };
}

/** Constants in microseconds since 1970. */
async function workedOut(warehouse: Warehouse, of: readonly Expression[], given: QueryGiven) {
  const writer = new QueryWriter(given);
  const written = of.map((one) => writer.expression(one, new Scope([])));
  const items = written.map(({ sql, type }) =>
    type?.of
      ? `list_transform(${sql}, lambda x: epoch_us(CAST(x AS TIMESTAMPTZ)))`
      : `epoch_us(CAST(${sql} AS TIMESTAMPTZ))`,
  );
  const { rows } = await warehouse.duck.run(`SELECT ${items.join(', ')}`);
  return (rows[0] ?? []).map(numbers);
}

function numbers(value: DuckDBValue): readonly bigint[] {
  if (value instanceof DuckDBListValue) return value.items.flatMap(numbers);
  return typeof value === 'bigint' ? [value] : [];
}

function relations(warehouse: Warehouse, defaults: Defaults) {
  return (path: TablePath): Relation => {
    if (isInformation(path)) throw invalidQuery(`${path.join('.')} is not known here`);
    const table = warehouse.table(tableName(path, defaults));
    const alias = table.name.tableId;
    if (table.query) return { kind: 'view', alias, query: table.query };
    if (table.fields.length === 0) throw invalidQuery(`Table ${table.id} does not have a schema.`);
    return { kind: 'table', sql: table.all, alias, columns: table.columns };
  };
}

function isInformation(path: TablePath): boolean {
  return path.some((part) => part.toUpperCase() === 'INFORMATION_SCHEMA');
}
