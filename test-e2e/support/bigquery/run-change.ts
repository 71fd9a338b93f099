import { invalidQuery } from './refusal.js';
import { fits, quoted } from './sql/types.js';
import { same, Scope, type Named } from './sql/scope.js';
import type { Assignment, Expression, MergeClause, Statement } from './sql/tree.js';
import { QueryWriter, type QueryGiven } from './sql/write-query.js';
import type { Table } from './table.js';
import type { Warehouse } from './warehouse.js';

export interface Change {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

type Dml = Extract<Statement, { kind: 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE' | 'TRUNCATE_TABLE' }>;

const NOTHING: Change = { inserted: 0, updated: 0, deleted: 0 };

/** Changes rows, all of them or none. @throws Refusal also when a row of the streaming buffer would be changed. */
export function runChange(
  warehouse: Warehouse,
  table: Table,
  statement: Dml,
  given: QueryGiven,
): Promise<Change> {
  if (table.type !== 'TABLE') throw invalidQuery(`${table.id} is a view, which cannot be changed`);
  if (table.fields.length === 0) throw invalidQuery(`Table ${table.id} does not have a schema.`);
  const change = new ChangeOf(warehouse, table, given);
  return warehouse.duck.transaction(() => change.run(statement));
}

class ChangeOf {
  readonly #warehouse: Warehouse;
  readonly #table: Table;
  readonly #writer: QueryWriter;

  constructor(warehouse: Warehouse, table: Table, given: QueryGiven) {
    this.#warehouse = warehouse;
    this.#table = table;
    this.#writer = new QueryWriter(given);
  }

  async run(statement: Dml): Promise<Change> {
    switch (statement.kind) {
      case 'INSERT':
        return { ...NOTHING, inserted: await this.#insert(statement) };
      case 'UPDATE':
        return { ...NOTHING, updated: await this.#update(statement) };
      case 'DELETE':
        return { ...NOTHING, deleted: await this.#delete(statement) };
      case 'MERGE':
        return this.#merge(statement);
      case 'TRUNCATE_TABLE': {
        await this.#refuseBuffered('TRUNCATE', 'TRUE');
        const { rows } = await this.#duck.run(`SELECT count(*) FROM ${this.#table.stored}`);
        await this.#duck.run(`DELETE FROM ${this.#table.stored}`);
        return { ...NOTHING, deleted: Number(rows[0]?.[0]) };
      }
    }
  }

  get #duck() {
    return this.#warehouse.duck;
  }

  #named(alias: string | undefined): Named {
    return { alias: alias ?? this.#table.name.tableId, columns: this.#table.columns };
  }

  async #insert({ columns, values }: Extract<Dml, { kind: 'INSERT' }>): Promise<number> {
    for (const column of columns) this.#typeOf(column);
    const into = `INSERT INTO ${this.#table.stored} (${columns.map(quoted).join(', ')})`;
    if ('kind' in values) {
      const { sql, columns: given } = this.#writer.query(values);
      if (given && given.length !== columns.length) throw invalidQuery('Inserted row has wrong column count');
      given?.forEach(({ type }, at) => this.#checkFits(columns[at] ?? '', { type }));
      return (await this.#duck.run(`${into} ${sql}`)).changed;
    }
    const row = (items: readonly Expression[]) =>
      `(${items.map((item, at) => this.#value(columns[at] ?? '', item, new Scope([]))).join(', ')})`;
    return (await this.#duck.run(`${into} VALUES ${values.map(row).join(', ')}`)).changed;
  }

  async #update(statement: Extract<Dml, { kind: 'UPDATE' }>): Promise<number> {
    const named = this.#named(statement.alias);
    const from = statement.from && this.#writer.source(statement.from);
    const scope = new Scope([named, ...(from?.named ?? [])]);
    const where = this.#writer.expression(statement.where, scope).sql;
    const more = from ? `, ${from.sql}` : '';
    const of = (part: string) => `${part} AS ${quoted(named.alias ?? '')}`;
    const buffered = `SELECT count(*) FROM ${of(this.#table.buffer)}${more} WHERE ${where}`;
    await this.#refuse('UPDATE or DELETE', buffered);
    if (from) await this.#refuseTwice(`${of(this.#table.stored)}${more} WHERE ${where}`, named.alias ?? '');
    const set = this.#assignments(statement.set, scope);
    const sql = `UPDATE ${of(this.#table.stored)} SET ${set}${from ? ` FROM ${from.sql}` : ''} WHERE ${where}`;
    return (await this.#duck.run(sql)).changed;
  }

  async #delete(statement: Extract<Dml, { kind: 'DELETE' }>): Promise<number> {
    const named = this.#named(statement.alias);
    const where = this.#writer.expression(statement.where, new Scope([named])).sql;
    await this.#refuseBuffered('UPDATE or DELETE', where, named.alias);
    return (
      await this.#duck.run(`DELETE FROM ${this.#table.stored} AS ${quoted(named.alias ?? '')} WHERE ${where}`)
    ).changed;
  }

  async #merge(statement: Extract<Dml, { kind: 'MERGE' }>): Promise<Change> {
    const named = this.#named(statement.alias);
    const alias = quoted(named.alias ?? '');
    const using = this.#writer.source(statement.using);
    const scope = new Scope([named, ...using.named]);
    const on = this.#writer.expression(statement.on, scope).sql;
    const has = (when: MergeClause['when']) => statement.clauses.some((clause) => clause.when === when);
    const joined = `EXISTS (SELECT 1 FROM ${using.sql} WHERE ${on})`;
    if (has('MATCHED')) {
      await this.#refuseBuffered('UPDATE or DELETE', joined, named.alias);
      await this.#refuseTwice(
        `${this.#table.stored} AS ${alias}, ${using.sql} WHERE ${on}`,
        named.alias ?? '',
      );
    }
    if (has('NOT MATCHED BY SOURCE'))
      await this.#refuseBuffered('UPDATE or DELETE', `NOT ${joined}`, named.alias);
    // A row that is still in the buffer is there already.
    const unbuffered = `NOT EXISTS (SELECT 1 FROM ${this.#table.buffer} AS ${alias} WHERE ${on})`;
    const source = quoted(using.named[0]?.alias ?? '_source');
    const clauses = statement.clauses.map((clause) => this.#clause(clause, using.named, scope));
    const sql = `MERGE INTO ${this.#table.stored} AS ${alias} USING (SELECT * FROM ${using.sql} WHERE ${unbuffered})
      AS ${source} ON ${on} ${clauses.join(' ')} RETURNING merge_action`;
    const { rows } = await this.#duck.run(sql);
    const count = (action: string) => rows.filter(([done]) => done === action).length;
    return { inserted: count('INSERT'), updated: count('UPDATE'), deleted: count('DELETE') };
  }

  #clause({ when, and, action }: MergeClause, using: readonly Named[], both: Scope): string {
    const scope = when === 'MATCHED' ? both : when === 'NOT MATCHED' ? new Scope(using) : both;
    const condition = and ? ` AND ${this.#writer.expression(and, scope).sql}` : '';
    const start = `WHEN ${when}${condition} THEN`;
    if (action.kind === 'delete') return `${start} DELETE`;
    if (action.kind === 'update') return `${start} UPDATE SET ${this.#assignments(action.set, scope)}`;
    if (action.values === 'ROW') return `${start} INSERT BY NAME`;
    const values = action.values.map((value, at) => this.#value(action.columns[at] ?? '', value, scope));
    return `${start} INSERT (${action.columns.map(quoted).join(', ')}) VALUES (${values.join(', ')})`;
  }

  #assignments(set: readonly Assignment[], scope: Scope): string {
    const one = ({ column, value }: Assignment) =>
      `${quoted(column)} = ${value === 'DEFAULT' ? 'NULL' : this.#value(column, value, scope)}`;
    return set.map(one).join(', ');
  }

  #value(column: string, value: Expression, scope: Scope): string {
    const written = this.#writer.expression(value, scope);
    this.#checkFits(column, written);
    return written.sql;
  }

  #checkFits(column: string, value: Parameters<typeof fits>[0]): void {
    const type = this.#typeOf(column);
    if (fits(value, { type })) return;
    throw invalidQuery(
      `Value of type ${value.type?.name} cannot be assigned to ${column}, which has type ${type.name}`,
    );
  }

  #typeOf(column: string) {
    const found = this.#table.columns.find(({ name }) => same(name, column));
    if (!found) throw invalidQuery(`Column ${column} is not present in table ${this.#table.id}`);
    return found.type;
  }

  #refuseBuffered(what: string, where: string, alias: string = this.#table.name.tableId): Promise<void> {
    return this.#refuse(
      what,
      `SELECT count(*) FROM ${this.#table.buffer} AS ${quoted(alias)} WHERE ${where}`,
    );
  }

  async #refuse(what: string, counting: string): Promise<void> {
    const { rows } = await this.#duck.run(counting);
    if (Number(rows[0]?.[0]) === 0 && (this.#table.hidden.length === 0 || what !== 'TRUNCATE')) return;
    throw invalidQuery(
      `${what} statement over table ${this.#table.id} would affect rows in the streaming buffer, which is not supported`,
    );
  }

  async #refuseTwice(from: string, alias: string): Promise<void> {
    const row = `${quoted(alias)}.rowid`;
    const { rows } = await this.#duck.run(
      `SELECT 1 FROM ${from} GROUP BY ${row} HAVING count(*) > 1 LIMIT 1`,
    );
    if (rows.length > 0)
      throw invalidQuery('UPDATE/MERGE must match at most one source row for each target row');
  }
}
