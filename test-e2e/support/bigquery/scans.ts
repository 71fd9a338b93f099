import type { Expression, Query, SelectItem, Source, Statement, TablePath } from './sql/tree.js';

/** One reading of a table by a statement. */
export interface Scan {
  readonly table: TablePath;
  readonly alias: string;
  /** What all rows it reads fulfil. */
  readonly where: readonly Expression[];
}

export interface Reading {
  readonly scans: readonly Scan[];
  /** Names of columns in small letters, and `*` where all are read. */
  readonly names: ReadonlySet<string>;
}

/** What a statement reads, its views taken apart. */
export function readingOf(statement: Statement, viewOf: (table: TablePath) => Query | undefined): Reading {
  const walk = new Walk(viewOf);
  walk.statement(statement);
  return walk;
}

class Walk implements Reading {
  readonly scans: Scan[] = [];
  readonly names = new Set<string>();
  readonly #viewOf: (table: TablePath) => Query | undefined;

  constructor(viewOf: (table: TablePath) => Query | undefined) {
    this.#viewOf = viewOf;
  }

  statement(statement: Statement): void {
    switch (statement.kind) {
      case 'SELECT':
        return this.#query(statement.query, new Set());
      case 'CREATE_TABLE':
        return statement.query && this.#query(statement.query, new Set());
      case 'INSERT':
        if ('kind' in statement.values) return this.#query(statement.values, new Set());
        return statement.values.flat().forEach((value) => this.#expression(value, new Set()));
      case 'UPDATE':
      case 'DELETE':
        this.#all();
        this.#scan(statement.table, statement.alias, [statement.where], new Set());
        if (statement.kind === 'UPDATE' && statement.from)
          this.#source(statement.from, [statement.where], new Set());
        return this.#expression(statement.where, new Set());
      case 'MERGE':
        this.#all();
        this.#scan(statement.table, statement.alias, [statement.on], new Set());
        this.#source(statement.using, [], new Set());
        return this.#expression(statement.on, new Set());
      default:
    }
  }

  #all(): void {
    this.names.add('*');
  }

  #query(query: Query, ctes: ReadonlySet<string>): void {
    if (query.kind === 'set') {
      this.#query(query.left, ctes);
      return this.#query(query.right, ctes);
    }
    if (query.kind === 'wrapped') {
      const known = new Set(ctes);
      for (const { name, query: of } of query.with) {
        this.#query(of, known);
        known.add(name.toLowerCase());
      }
      this.#query(query.of, known);
      return query.orderBy.forEach(({ of }) => this.#expression(of, known));
    }
    if (query.from) this.#source(query.from, query.where ? [query.where] : [], ctes);
    for (const item of query.items) this.#item(item, ctes);
    for (const of of [query.where, query.having, query.qualify]) if (of) this.#expression(of, ctes);
    if (query.groupBy !== 'ALL') query.groupBy?.forEach((of) => this.#expression(of, ctes));
  }

  #item(item: SelectItem, ctes: ReadonlySet<string>): void {
    if (item.kind === 'one') return this.#expression(item.of, ctes);
    this.#all();
    for (const { of } of item.replace) this.#expression(of, ctes);
  }

  #source(source: Source, where: readonly Expression[], ctes: ReadonlySet<string>): void {
    if (source.kind === 'table') return this.#scan(source.table, source.alias, where, ctes);
    if (source.kind === 'query') return this.#query(source.query, ctes);
    if (source.kind === 'unnest') return this.#expression(source.of, ctes);
    // What a join is `ON` holds only for the rows that are joined.
    const on = source.on && source.how === 'INNER' ? [source.on] : [];
    this.#source(source.left, source.how === 'RIGHT' || source.how === 'FULL' ? [] : [...where, ...on], ctes);
    this.#source(source.right, source.how === 'LEFT' || source.how === 'FULL' ? [] : [...where, ...on], ctes);
    if (source.on) this.#expression(source.on, ctes);
    for (const name of source.using ?? []) this.names.add(name.toLowerCase());
  }

  #scan(
    table: TablePath,
    alias: string | undefined,
    where: readonly Expression[],
    ctes: ReadonlySet<string>,
  ): void {
    if (table.length === 1 && ctes.has(table[0]?.toLowerCase() ?? '')) return;
    const view = this.#viewOf(table);
    if (view) return this.#query(view, new Set());
    this.scans.push({ table, alias: alias ?? table.at(-1) ?? '', where });
  }

  #expression(of: Expression, ctes: ReadonlySet<string>): void {
    if (of.kind === 'path') for (const name of of.names) this.names.add(name.toLowerCase());
    if (of.kind === 'subquery') return this.#query(of.query, ctes);
    if (of.kind === 'in' && 'query' in of.among) this.#query(of.among.query, ctes);
    for (const part of partsOf(of)) this.#expression(part, ctes);
  }
}

/** The expressions inside one, queries left out. */
export function partsOf(of: Expression): readonly Expression[] {
  switch (of.kind) {
    case 'call':
      return [
        ...of.args,
        ...(of.orderBy ?? []).map((order) => order.of),
        ...(of.having ? [of.having.of] : []),
        ...(of.over ? [...of.over.partitionBy, ...of.over.orderBy.map((order) => order.of)] : []),
      ];
    case 'binary':
      return [of.left, of.right];
    case 'between':
      return [of.of, of.low, of.high];
    case 'in':
      return [of.of, ...('list' in of.among ? of.among.list : 'unnest' in of.among ? [of.among.unnest] : [])];
    case 'case':
      return [...(of.of ? [of.of] : []), ...of.whens.flat(), ...(of.otherwise ? [of.otherwise] : [])];
    case 'array':
      return of.items;
    case 'struct':
      return of.fields.map(({ value }) => value);
    case 'item':
      return [of.of, of.at];
    case 'not':
    case 'minus':
    case 'is':
    case 'cast':
    case 'extract':
    case 'interval':
    case 'field':
      return [of.of];
    default:
      return [];
  }
}
