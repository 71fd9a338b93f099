import { wireField } from './field.js';
import { type Defaults, tableName } from './names.js';
import type { Plan } from './plan.js';
import { invalidQuery } from './refusal.js';
import type { ColumnDefinition, Expression, Options, Query, Statement } from './sql/tree.js';
import { QueryWriter } from './sql/write-query.js';
import { sqlTypeOf } from './cells.js';
import { quoted } from './sql/types.js';
import type { TableResource } from './table.js';
import type { Warehouse } from './warehouse.js';

type Definition = Extract<
  Statement,
  {
    kind:
      | 'CREATE_TABLE'
      | 'CREATE_VIEW'
      | 'CREATE_MATERIALIZED_VIEW'
      | 'DROP_TABLE'
      | 'DROP_VIEW'
      | 'DROP_MATERIALIZED_VIEW'
      | 'ALTER_TABLE';
  }
>;

/** Makes, changes or drops a table or a view. */
export async function runDefinition(
  warehouse: Warehouse,
  statement: Definition,
  plan: Plan,
  defaults: Defaults,
): Promise<void> {
  const name = tableName(statement.table, defaults);
  switch (statement.kind) {
    case 'CREATE_TABLE':
      if (await isKept(warehouse, statement, defaults)) return;
      return createTable(warehouse, statement, plan, defaults);
    case 'CREATE_VIEW':
    case 'CREATE_MATERIALIZED_VIEW': {
      if (await isKept(warehouse, statement, defaults)) return;
      const materialized = statement.kind === 'CREATE_MATERIALIZED_VIEW';
      if (materialized && !isMadeAnew(statement.options)) refuseUnmaterialized(statement.query);
      await createView(warehouse, name, statement.query, statement.text, materialized, plan);
      return;
    }
    case 'ALTER_TABLE':
      return alterTable(warehouse, statement, defaults);
    default:
      if (statement.ifExists && !warehouse.has(name)) return;
      if (warehouse.table(name).type !== statement.kind.slice('DROP_'.length)) {
        throw invalidQuery(`${name.tableId} is not a ${statement.kind.slice('DROP_'.length)}`);
      }
      return warehouse.removeTable(name);
  }
}

export async function createView(
  warehouse: Warehouse,
  name: ReturnType<typeof tableName>,
  query: Query,
  text: string,
  materialized: boolean,
  plan: Plan,
) {
  const fields = await fieldsOf(warehouse, query, plan);
  const said = materialized
    ? { materializedView: { query: text } }
    : { view: { query: text, useLegacySql: false } };
  const type = materialized ? 'MATERIALIZED_VIEW' : 'VIEW';
  return warehouse.addView(name, type, { ...said, schema: { fields } }, query);
}

async function isKept(
  warehouse: Warehouse,
  { table, ifNotExists, orReplace }: { table: readonly string[]; ifNotExists: boolean; orReplace: boolean },
  defaults: Defaults,
): Promise<boolean> {
  const name = tableName(table, defaults);
  if (!warehouse.has(name)) return false;
  if (ifNotExists) return true;
  if (orReplace) await warehouse.removeTable(name);
  return false;
}

async function createTable(
  warehouse: Warehouse,
  statement: Extract<Definition, { kind: 'CREATE_TABLE' }>,
  plan: Plan,
  defaults: Defaults,
): Promise<void> {
  const { columns, clusterBy, partitionBy, options, query } = statement;
  const fields = columns
    ? columns.map(({ name, type, required }) => wireField(name, type, required))
    : await fieldsOf(warehouse, query as Query, plan);
  const days = options['partition_expiration_days'];
  const resource: TableResource = {
    schema: { fields },
    ...(clusterBy.length > 0 && { clustering: { fields: clusterBy } }),
    ...(partitionBy && {
      timePartitioning: {
        ...partitioning(partitionBy),
        ...(days && { expirationMs: String(Number(literal(days)) * 86_400_000) }),
      },
    }),
    ...(options['require_partition_filter'] && {
      requirePartitionFilter: literal(options['require_partition_filter']).toUpperCase() === 'TRUE',
    }),
    ...described(options),
  };
  const table = await warehouse.addTable(tableName(statement.table, defaults), resource);
  if (!query) return;
  const { sql } = new QueryWriter(plan.given).query(query);
  await warehouse.duck.run(
    `INSERT INTO ${table.stored} (${fields.map(({ name }) => quoted(name)).join(', ')}) ${sql}`,
  );
  table.changed();
}

async function alterTable(
  warehouse: Warehouse,
  { table: path, add, options }: Extract<Definition, { kind: 'ALTER_TABLE' }>,
  defaults: Defaults,
): Promise<void> {
  const table = warehouse.table(tableName(path, defaults));
  const isThere = ({ name }: ColumnDefinition) =>
    table.fields.some((field) => field.name.toLowerCase() === name.toLowerCase());
  const fresh = add.filter((column) => !(column.ifNotExists && isThere(column)));
  const old = fresh.find(isThere);
  if (old) throw invalidQuery(`Column already exists: ${old.name}`);
  if (fresh.length > 0) {
    const fields = fresh.map(({ name, type, required }) => wireField(name, type, required));
    await warehouse.setFields(table, [...table.fields, ...fields]);
  }
  const days = options['partition_expiration_days'];
  const { timePartitioning } = table.resource;
  table.resource = {
    ...table.resource,
    ...described(options),
    ...(days &&
      timePartitioning && {
        timePartitioning: { ...timePartitioning, expirationMs: String(Number(literal(days)) * 86_400_000) },
      }),
  };
  table.changed();
}

async function fieldsOf(warehouse: Warehouse, query: Query, plan: Plan) {
  const { sql } = new QueryWriter(plan.given).query(query);
  const { names, types } = await warehouse.duck.run(`SELECT * FROM (${sql}) LIMIT 0`);
  return names.map((name, at) => wireField(name, sqlTypeOf(types[at] as (typeof types)[number])));
}

function partitioning(by: Expression) {
  if (by.kind === 'path') return { type: 'DAY', field: by.names.at(-1) ?? '' } as const;
  if (
    by.kind === 'call' &&
    (by.name === 'DATE' || by.name === 'TIMESTAMP_TRUNC' || by.name === 'DATE_TRUNC')
  ) {
    const [of, unit] = by.args;
    const type = unit?.kind === 'path' ? (unit.names[0]?.toUpperCase() ?? '') : 'DAY';
    if (of?.kind === 'path' && (type === 'DAY' || type === 'HOUR' || type === 'MONTH' || type === 'YEAR')) {
      return { type, field: of.names.at(-1) ?? '' } as const;
    }
  }
  throw invalidQuery(
    'PARTITION BY expression must be a column, DATE(column) or TIMESTAMP_TRUNC(column, unit)',
  );
}

function described(options: Options): Readonly<Record<string, unknown>> {
  const { description } = options;
  return description ? { description: literal(description) } : {};
}

function literal(of: Expression): string {
  if (of.kind !== 'literal') throw invalidQuery('An option must be a literal');
  return of.text;
}

/** A view that is not kept up to date but made anew, and so may ask anything, where it may be old. */
function isMadeAnew({ allow_non_incremental_definition: allowed, max_staleness: age }: Options): boolean {
  return allowed !== undefined && literal(allowed).toUpperCase() === 'TRUE' && age !== undefined;
}

/** What may be kept up to date while rows are added: groups, and nothing that needs all rows at once. */
export function refuseUnmaterialized(query: Query): void {
  const plain =
    query.kind === 'select' &&
    !query.qualify &&
    !query.distinct &&
    !JSON.stringify(query).includes('"over":');
  if (!plain) {
    throw invalidQuery(
      'Materialized view query uses unsupported features: analytic functions, QUALIFY, ORDER BY or LIMIT',
    );
  }
}
