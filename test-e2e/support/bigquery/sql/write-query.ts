import { invalidQuery } from '../refusal.js';
import { type Column, type Named, same, Scope } from './scope.js';
import type { Expression, Query, Select, SelectItem, Source, TablePath } from './tree.js';
import { quoted } from './types.js';
import { type Given, type Sql, writeExpression, writeOrders } from './write-expression.js';

/** What a table of a statement is, found by its path. */
export type Relation =
  | {
      readonly kind: 'table';
      readonly sql: string;
      readonly alias: string;
      readonly columns: readonly Column[];
    }
  | { readonly kind: 'view'; readonly alias: string; readonly query: Query };

export interface QueryGiven extends Given {
  /** @throws Refusal when there is none. */
  readonly relation: (table: TablePath) => Relation;
}

export interface QuerySql {
  readonly sql: string;
  readonly columns: readonly Column[] | undefined;
}

type Ctes = ReadonlyMap<string, readonly Column[] | undefined>;

const NO_CTES: Ctes = new Map();

/** Writes a query in the language of DuckDB. */
export class QueryWriter {
  readonly #given: QueryGiven;
  readonly #ctes: Ctes;

  constructor(given: QueryGiven, ctes: Ctes = NO_CTES) {
    this.#given = given;
    this.#ctes = ctes;
  }

  query(query: Query, outer?: Scope): QuerySql {
    if (query.kind === 'select') return this.#select(query, outer).query;
    if (query.kind === 'set') {
      const left = this.query(query.left, outer);
      const right = this.query(query.right, outer);
      if (left.columns && right.columns && left.columns.length !== right.columns.length) {
        throw invalidQuery(`Queries in ${query.sign} have mismatched column count`);
      }
      return { sql: `(${left.sql}) ${query.sign} (${right.sql})`, columns: left.columns };
    }
    return this.#wrapped(query, outer);
  }

  expression(of: Expression, scope: Scope, aliases?: readonly string[]): Sql {
    return writeExpression(of, this.#place(scope, aliases));
  }

  source(source: Source, outer?: Scope): { readonly sql: string; readonly named: readonly Named[] } {
    switch (source.kind) {
      case 'table':
        return this.#table(source.table, source.alias);
      case 'query': {
        const { sql, columns } = this.query(source.query, outer);
        const alias = source.alias ?? undefined;
        return {
          sql: `(${sql})${alias === undefined ? '' : ` AS ${quoted(alias)}`}`,
          named: [{ alias, columns }],
        };
      }
      case 'unnest':
        return this.#unnest(source, outer);
      case 'join':
        return this.#join(source, outer);
    }
  }

  #place(scope: Scope, aliases?: readonly string[]) {
    const writeQuery = (query: Query, around: Scope) => this.query(query, around);
    return { given: this.#given, scope, writeQuery, ...(aliases && { aliases }) };
  }

  #wrapped(query: Extract<Query, { kind: 'wrapped' }>, outer: Scope | undefined): QuerySql {
    const ctes = new Map(this.#ctes);
    const parts: string[] = [];
    for (const { name, query: of } of query.with) {
      const { sql, columns } = new QueryWriter(this.#given, ctes).query(of, outer);
      parts.push(`${quoted(name)} AS (${sql})`);
      ctes.set(name.toLowerCase(), columns);
    }
    const writer = new QueryWriter(this.#given, ctes);
    // A select is ordered by what it reads as well as by what it gives.
    const plain = query.of.kind === 'select' ? writer.#select(query.of, outer) : undefined;
    const inside = plain?.query ?? writer.query(query.of, outer);
    const scope = plain?.scope ?? new Scope([{ alias: undefined, columns: inside.columns }], outer);
    const aliases = inside.columns?.map(({ name }) => name) ?? [];
    const place = writer.#place(scope, aliases);
    const order = query.orderBy.length > 0 ? ` ORDER BY ${writeOrders(query.orderBy, place)}` : '';
    const limit = query.limit ? ` LIMIT ${writeExpression(query.limit, place).sql}` : '';
    const offset = query.offset ? ` OFFSET ${writeExpression(query.offset, place).sql}` : '';
    const start = parts.length > 0 ? `WITH ${parts.join(', ')} ` : '';
    const body = query.of.kind === 'wrapped' ? `(${inside.sql})` : inside.sql;
    return { sql: `${start}${body}${order}${limit}${offset}`, columns: inside.columns };
  }

  #table(path: TablePath, alias: string | undefined) {
    const [first = ''] = path;
    const cte = path.length === 1 ? this.#ctes.has(first.toLowerCase()) : false;
    if (cte) {
      const name = alias ?? first;
      const columns = this.#ctes.get(first.toLowerCase());
      return { sql: `${quoted(first)} AS ${quoted(name)}`, named: [{ alias: name, columns }] };
    }
    const relation = this.#given.relation(path);
    const name = alias ?? relation.alias;
    if (relation.kind === 'table') {
      return {
        sql: `${relation.sql} AS ${quoted(name)}`,
        named: [{ alias: name, columns: relation.columns }],
      };
    }
    const { sql, columns } = new QueryWriter(this.#given).query(relation.query);
    return { sql: `(${sql}) AS ${quoted(name)}`, named: [{ alias: name, columns }] };
  }

  #unnest(source: Extract<Source, { kind: 'unnest' }>, outer: Scope | undefined) {
    const { sql, type } = this.expression(source.of, outer ?? new Scope([]));
    const alias = source.alias ?? '_unnested';
    const fields = type?.of?.fields;
    const offset =
      source.offset === undefined ? '' : `, generate_subscripts(${sql}, 1) - 1 AS ${quoted(source.offset)}`;
    const after: Column[] =
      source.offset === undefined ? [] : [{ name: source.offset, type: { name: 'INT64' } }];
    if (!fields) {
      const columns: Column[] = [{ name: alias, type: type?.of }, ...after];
      const named = [{ alias, columns: type?.of ? columns : undefined }];
      return { sql: `(SELECT unnest(${sql}) AS ${quoted(alias)}${offset}) AS ${quoted(alias)}`, named };
    }
    const columns = fields.map(({ name, type: of }): Column => ({ name, type: of }));
    const inner = `SELECT unnest(${sql}) AS _one${offset}`;
    const items = [
      ...fields.map(({ name }) => `struct_extract(_one, '${name.replaceAll("'", "''")}') AS ${quoted(name)}`),
      ...after.map(({ name }) => quoted(name)),
    ];
    return {
      sql: `(SELECT ${items.join(', ')} FROM (${inner})) AS ${quoted(alias)}`,
      named: [{ alias, columns: [...columns, ...after] }],
    };
  }

  #join(source: Extract<Source, { kind: 'join' }>, outer: Scope | undefined) {
    const left = this.source(source.left, outer);
    // What is unnested may be a column of what stands before it.
    const right = this.source(
      source.right,
      source.right.kind === 'unnest' ? new Scope(left.named, outer) : outer,
    );
    const named = [...left.named, ...right.named];
    const how = `${left.sql} ${source.how} JOIN ${right.sql}`;
    if (source.on) {
      const on = this.expression(source.on, new Scope(named, outer)).sql;
      return { sql: `${how} ON ${on}`, named };
    }
    if (!source.using) return source.how === 'CROSS' ? { sql: how, named } : { sql: `${how} ON TRUE`, named };
    const using = source.using;
    const rest = right.named.map(({ alias, columns }) => ({
      alias,
      columns: columns?.filter(({ name }) => !using.some((one) => same(one, name))),
    }));
    return { sql: `${how} USING (${using.map(quoted).join(', ')})`, named: [...left.named, ...rest] };
  }

  #select(select: Select, outer: Scope | undefined): { readonly query: QuerySql; readonly scope: Scope } {
    const from = select.from && this.source(select.from, outer);
    const scope = new Scope(from?.named ?? [], outer);
    const items = select.items.map((item) => this.#item(item, scope));
    const columns = items.every((item) => item.columns)
      ? items.flatMap((item) => item.columns ?? [])
      : undefined;
    const aliases = select.items.flatMap((item) => (item.kind === 'one' && item.alias ? [item.alias] : []));
    const write = (of: Expression, known?: readonly string[]) => this.expression(of, scope, known).sql;
    if (select.asStruct && select.items.some(({ kind }) => kind === 'all')) {
      throw invalidQuery('SELECT AS STRUCT * is not known here');
    }
    const parts = [
      `SELECT ${select.distinct ? 'DISTINCT ' : ''}${
        select.asStruct
          ? `struct_pack(${items.map(({ sql, columns: of }) => `${quoted(of?.[0]?.name ?? '')} := ${sql}`).join(', ')})`
          : items.map((item) => item.named).join(', ')
      }`,
      from && `FROM ${from.sql}`,
      select.where && `WHERE ${write(select.where)}`,
      select.groupBy &&
        `GROUP BY ${
          select.groupBy === 'ALL'
            ? 'ALL'
            : select.groupBy.map((of) => (isOrdinal(of) ? of.text : write(of, aliases))).join(', ')
        }`,
      select.having && `HAVING ${write(select.having, aliases)}`,
      select.qualify && `QUALIFY ${write(select.qualify, aliases)}`,
    ];
    const sql = parts.filter((part) => part !== undefined).join(' ');
    return { query: { sql, columns: select.asStruct ? [{ name: '' }] : columns }, scope };
  }

  #item(item: SelectItem, scope: Scope) {
    if (item.kind === 'one') {
      const { sql, type } = this.expression(item.of, scope);
      const name = item.alias ?? (item.of.kind === 'path' ? item.of.names.at(-1) : undefined);
      const columns: Column[] = [{ name: name ?? 'f0_', type: type?.name === 'NULL' ? undefined : type }];
      return { sql, named: name === undefined ? sql : `${sql} AS ${quoted(name)}`, columns };
    }
    const sources = scope.sources.filter(
      ({ alias }) => item.table === undefined || same(alias ?? '', item.table),
    );
    if (sources.length === 0) throw invalidQuery('SELECT * must have a FROM clause');
    const known = sources.every((source) => source.columns);
    const columns = sources.flatMap((source) => source.columns ?? []);
    const except = item.except.length > 0 ? ` EXCLUDE (${item.except.map(quoted).join(', ')})` : '';
    const replaced = item.replace.map(
      ({ of, alias }) => `${this.expression(of, scope).sql} AS ${quoted(alias)}`,
    );
    const replace = replaced.length > 0 ? ` REPLACE (${replaced.join(', ')})` : '';
    const sql = `${item.table === undefined ? '' : `${quoted(item.table)}.`}*${except}${replace}`;
    const left = columns.filter(({ name }) => !item.except.some((one) => same(one, name)));
    return { sql, named: sql, columns: known ? left : undefined };
  }
}

function isOrdinal(of: Expression): of is Extract<Expression, { kind: 'literal' }> {
  return of.kind === 'literal' && of.type.name === 'INT64';
}
