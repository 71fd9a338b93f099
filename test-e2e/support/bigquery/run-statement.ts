import { type Cell, cellOf, sqlTypeOf, type TimestampFormat } from './cells.js';
import { type Field, wireField } from './field.js';
import { type Defaults, tableName } from './names.js';
import type { Plan } from './plan.js';
import { type Change, runChange } from './run-change.js';
import { runDefinition } from './run-definition.js';
import { QueryWriter } from './sql/write-query.js';
import type { Warehouse } from './warehouse.js';

/** What a statement gave. */
export interface Outcome {
  readonly fields: readonly Field[];
  readonly count: number;
  /** Some of the rows, in their order, as the wire has them. */
  readonly cells: (
    from: number,
    most: number,
    format: TimestampFormat,
  ) => readonly { readonly f: readonly Cell[] }[];
  readonly change?: Change;
}

const NO_ROWS: Outcome = { fields: [], count: 0, cells: () => [] };

export async function runStatement(warehouse: Warehouse, plan: Plan, defaults: Defaults): Promise<Outcome> {
  const { statement, given } = plan;
  switch (statement.kind) {
    case 'SELECT':
      return select(warehouse, new QueryWriter(given).query(statement.query).sql);
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'MERGE':
    case 'TRUNCATE_TABLE': {
      const table = warehouse.table(tableName(statement.table, defaults));
      const change = await runChange(warehouse, table, statement, given);
      table.changed();
      return { ...NO_ROWS, change };
    }
    default:
      await runDefinition(warehouse, statement, plan, defaults);
      return NO_ROWS;
  }
}

/** The columns that a query would give, without running it. */
export async function describe(warehouse: Warehouse, { statement, given }: Plan): Promise<readonly Field[]> {
  if (statement.kind !== 'SELECT') return [];
  const { sql } = new QueryWriter(given).query(statement.query);
  return (await select(warehouse, `SELECT * FROM (${sql}) LIMIT 0`)).fields;
}

async function select(warehouse: Warehouse, sql: string): Promise<Outcome> {
  const { names, types, rows } = await warehouse.duck.run(sql);
  const known = types.map(sqlTypeOf);
  // A column without a name gets the one the service would give it.
  const nameOf = (name: string, at: number) => (/^[A-Za-z_]\w*$/.test(name) ? name : `f${at}_`);
  return {
    fields: names.map((name, at) => wireField(nameOf(name, at), known[at] ?? { name: 'STRING' })),
    count: rows.length,
    cells: (from, most, format) =>
      rows.slice(from, from + most).map((row) => ({
        f: row.map((value, at) => cellOf(value, known[at] ?? { name: 'STRING' }, format)),
      })),
  };
}
