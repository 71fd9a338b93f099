import { invalidQuery } from '../refusal.js';
import { functionOf, isPart } from './functions.js';
import type { Scope } from './scope.js';
import type { Among, Call, Expression, Order, Query, SqlType } from './tree.js';
import { comparable, duckType, quoted, text, type Typed } from './types.js';

/** What a statement is given from outside. */
export interface Given {
  readonly parameters: ReadonlyMap<string, { readonly type: SqlType; readonly sql: string }>;
}

/** An expression in the language of DuckDB, with its type where that is known. */
export interface Sql extends Typed {
  readonly sql: string;
}

type WriteQuery = (
  query: Query,
  outer: Scope,
) => { readonly sql: string; readonly columns?: readonly unknown[] | undefined };

const STEPS: Readonly<Record<string, string>> = {
  MICROSECOND: 'to_microseconds',
  MILLISECOND: 'to_milliseconds',
  SECOND: 'to_seconds',
  MINUTE: 'to_minutes',
  HOUR: 'to_hours',
  DAY: 'to_days',
  WEEK: 'to_weeks',
  MONTH: 'to_months',
  YEAR: 'to_years',
};

const BOOL: SqlType = { name: 'BOOL' };
const LOGIC = new Set(['AND', 'OR']);
const SUMS = new Set(['+', '-', '*', '/']);

export interface ExpressionPlace {
  readonly given: Given;
  readonly scope: Scope;
  readonly writeQuery: WriteQuery;
  /** Names that columns of the result have, where they may be used. */
  readonly aliases?: readonly string[];
}

export function writeExpression(of: Expression, place: ExpressionPlace): Sql {
  return new ExpressionWriter(place).write(of);
}

export function writeOrders(orders: readonly Order[], place: ExpressionPlace): string {
  const writer = new ExpressionWriter(place);
  return writer.orders(orders);
}

class ExpressionWriter {
  readonly #place: ExpressionPlace;

  constructor(place: ExpressionPlace) {
    this.#place = place;
  }

  orders(orders: readonly Order[]): string {
    const one = ({ of, down, nulls }: Order) =>
      `${this.write(of).sql}${down ? ' DESC' : ''}${nulls ? ` NULLS ${nulls}` : ''}`;
    return orders.map(one).join(', ');
  }

  write(of: Expression): Sql {
    switch (of.kind) {
      case 'literal':
        return literal(of.type, of.text);
      case 'parameter':
        return this.#parameter(of.name);
      case 'path':
        return {
          sql: of.names.map(quoted).join('.'),
          type: this.#place.scope.typeOf(of.names, this.#place.aliases),
        };
      case 'call':
        return this.#call(of);
      case 'not':
        return { sql: `(NOT ${this.write(of.of).sql})`, type: BOOL };
      case 'minus': {
        const { sql, type } = this.write(of.of);
        return { sql: `(- ${sql})`, type, constant: of.of.kind === 'literal' };
      }
      case 'binary':
        return this.#binary(of.sign, this.write(of.left), this.write(of.right));
      case 'between': {
        const [value, low, high] = [this.write(of.of), this.write(of.low), this.write(of.high)];
        check('BETWEEN', value, low);
        check('BETWEEN', value, high);
        const sql = `(${value.sql} ${of.not ? 'NOT ' : ''}BETWEEN ${low.sql} AND ${high.sql})`;
        return { sql, type: BOOL };
      }
      case 'in':
        return { sql: `(${this.#in(this.write(of.of), of.among, of.not)})`, type: BOOL };
      case 'is':
        return { sql: `(${this.write(of.of).sql} IS ${of.not ? 'NOT ' : ''}${of.what})`, type: BOOL };
      case 'case':
        return this.#case(of);
      case 'cast':
        return {
          sql: `${of.safe ? 'TRY_CAST' : 'CAST'}(${this.write(of.of).sql} AS ${duckType(of.type)})`,
          type: of.type,
        };
      case 'extract':
        return this.#extract(of.part, this.write(of.of).sql);
      case 'interval':
        return { sql: `${stepOf(of.unit)}(${this.write(of.of).sql})` };
      case 'subquery':
        return this.#subquery(of.query, of.as);
      case 'array':
        return this.#array(of.items, of.element);
      case 'struct':
        return this.#struct(of.fields);
      case 'item':
        return { sql: `list_extract(${this.write(of.of).sql}, ${this.write(of.at).sql} + ${1 - of.from})` };
      case 'field':
        return { sql: `struct_extract(${this.write(of.of).sql}, ${text(of.name)})` };
    }
  }

  #parameter(name: string): Sql {
    const found = this.#place.given.parameters.get(name.toLowerCase());
    if (!found) throw invalidQuery(`Query parameter '${name}' not found`);
    return { ...found, constant: true };
  }

  #binary(sign: string, left: Sql, right: Sql): Sql {
    const sql = `(${left.sql} ${sign} ${right.sql})`;
    if (LOGIC.has(sign)) {
      for (const { type } of [left, right]) {
        if (type && type.name !== 'BOOL' && type.name !== 'NULL') {
          throw invalidQuery(`No matching signature for operator ${sign} for argument types: ${type.name}`);
        }
      }
      return { sql, type: BOOL };
    }
    if (SUMS.has(sign))
      return { sql, type: sign === '/' ? { name: 'FLOAT64' } : left.type && right.type && left.type };
    if (sign === '||') return { sql, type: left.type };
    check(sign, left, right);
    return { sql, type: BOOL };
  }

  #in(of: Sql, among: Among, not: boolean): string {
    const sign = not ? 'NOT IN' : 'IN';
    if ('list' in among) {
      const items = among.list.map((item) => this.write(item));
      for (const item of items) check('IN', of, item);
      return `${of.sql} ${sign} (${items.map(({ sql }) => sql).join(', ')})`;
    }
    if ('query' in among) {
      const { sql, columns } = this.#place.writeQuery(among.query, this.#place.scope);
      if (columns && columns.length !== 1) {
        throw invalidQuery('Subquery of type IN must have only one output column');
      }
      return `${of.sql} ${sign} (${sql})`;
    }
    const array = this.write(among.unnest);
    check('IN UNNEST', of, { type: array.type?.of, constant: array.constant });
    return `${of.sql} ${sign} (SELECT unnest(${array.sql}))`;
  }

  #case(of: Extract<Expression, { kind: 'case' }>): Sql {
    const whens = of.whens.map(([when, then]) => [this.write(when), this.write(then)] as const);
    const otherwise = of.otherwise && this.write(of.otherwise);
    const parts = whens.map(([when, then]) => `WHEN ${when.sql} THEN ${then.sql}`).join(' ');
    const first = of.of ? `${this.write(of.of).sql} ` : '';
    const type = whens.find(([, then]) => then.type && then.type.name !== 'NULL')?.[1].type;
    return { sql: `(CASE ${first}${parts}${otherwise ? ` ELSE ${otherwise.sql}` : ''} END)`, type };
  }

  #extract(part: string, of: string): Sql {
    if (part === 'DATE') return { sql: `CAST(${of} AS DATE)`, type: { name: 'DATE' } };
    if (!['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND'].includes(part)) {
      throw invalidQuery(`A valid date part name is required but found ${part}`);
    }
    return { sql: `extract(${part} FROM ${of})`, type: { name: 'INT64' } };
  }

  #subquery(query: Query, as: 'value' | 'array' | 'exists'): Sql {
    const { sql, columns } = this.#place.writeQuery(query, this.#place.scope);
    if (as === 'exists') return { sql: `EXISTS (${sql})`, type: BOOL };
    if (columns && columns.length !== 1) {
      throw invalidQuery('Scalar subquery cannot have more than one column unless using SELECT AS STRUCT');
    }
    return as === 'array' ? { sql: `ARRAY(${sql})`, type: { name: 'ARRAY' } } : { sql: `(${sql})` };
  }

  #array(items: readonly Expression[], element: SqlType | undefined): Sql {
    const [first] = items;
    const names = first?.kind === 'struct' ? first.fields.map(({ name }) => name) : [];
    // The first item gives the names of the others.
    const named = items.map((item) =>
      item.kind === 'struct' ? this.#struct(item.fields, names) : this.write(item),
    );
    const sql = `[${named.map((item) => item.sql).join(', ')}]`;
    const of = element ?? named[0]?.type;
    const type: SqlType = { name: 'ARRAY', ...(of && { of }) };
    return { sql: element ? `CAST(${sql} AS ${duckType(element)}[])` : sql, type };
  }

  #struct(
    fields: readonly { readonly name?: string | undefined; readonly value: Expression }[],
    names: readonly (string | undefined)[] = [],
  ): Sql {
    const written = fields.map(({ name, value }, at) => ({ name: name ?? names[at], ...this.write(value) }));
    if (written.every(({ name }) => name === undefined)) {
      return { sql: `row(${written.map(({ sql }) => sql).join(', ')})` };
    }
    const parts = written.map(({ name, ...rest }, at) => ({ name: name ?? `_field_${at + 1}`, ...rest }));
    const sql = `struct_pack(${parts.map((part) => `${quoted(part.name)} := ${part.sql}`).join(', ')})`;
    // Fields of a type that is not known are still fields.
    const known = parts.map(({ name, type }) => ({ name, type: type ?? { name: 'NULL' } }));
    return { sql, type: { name: 'STRUCT', fields: known } };
  }

  #call(call: Call): Sql {
    const { name, args } = call;
    const known = functionOf(name);
    const counted = args.length === 1 && isStar(args[0]) ? (name === 'COUNT' ? 1 : -1) : args.length;
    if (counted < known.least || counted > known.most) {
      throw invalidQuery(`No matching signature for function ${name} with ${args.length} arguments`);
    }
    if (known.over === 'window' && !call.over)
      throw invalidQuery(`Window function ${name} requires an OVER clause`);
    if (call.over && !known.over) throw invalidQuery(`${name} is no analytic function`);
    const written = args.map((arg, at) => (isPart(name, args, at) ? word(arg) : this.write(arg).sql));
    const type = known.returns === undefined ? this.#sameAsFirst(name, args) : { name: known.returns };
    return { sql: this.#around(call, known.write(this.#inside(call, written), call)), type };
  }

  /** What stands inside the brackets beside the arguments. */
  #inside(call: Call, args: readonly string[]): readonly string[] {
    const [first = '', ...rest] = args;
    const { having } = call;
    if (having) return [first, ...rest, this.write(having.of).sql];
    if (!call.distinct && !call.orderBy && !call.over?.frame && !call.nulls) return args;
    const nulls = call.over && call.nulls ? ` ${call.nulls} NULLS` : '';
    const order = call.orderBy ? ` ORDER BY ${this.orders(call.orderBy)}` : '';
    const last = rest.pop();
    const end = `${nulls}${order}`;
    const start = `${call.distinct ? 'DISTINCT ' : ''}${first}`;
    return last === undefined ? [`${start}${end}`] : [start, ...rest, `${last}${end}`];
  }

  #around(call: Call, sql: string): string {
    const having = call.having
      ? sql.replace(/^any_value/, call.having.most === 'MAX' ? 'arg_max' : 'arg_min')
      : sql;
    const [first] = call.args;
    const filtered =
      call.nulls === 'IGNORE' && !call.over && first
        ? `${having} FILTER (WHERE ${this.write(first).sql} IS NOT NULL)`
        : having;
    const limited = call.limit ? `list_slice(${filtered}, 1, ${this.write(call.limit).sql})` : filtered;
    if (!call.over) return limited;
    const { partitionBy, orderBy, frame } = call.over;
    const parts = [
      partitionBy.length > 0
        ? `PARTITION BY ${partitionBy.map((one) => this.write(one).sql).join(', ')}`
        : '',
      orderBy.length > 0 ? `ORDER BY ${this.orders(orderBy)}` : '',
      frame ?? '',
    ];
    return `${limited} OVER (${parts.filter((part) => part !== '').join(' ')})`;
  }

  #sameAsFirst(name: string, args: readonly Expression[]): SqlType | undefined {
    const [first] = args;
    if (!first || !['MIN', 'MAX', 'ANY_VALUE', 'COALESCE', 'IFNULL', 'SUM', 'ABS'].includes(name))
      return undefined;
    const { type } = this.write(first);
    return type?.name === 'NULL' ? undefined : type;
  }
}

function check(sign: string, left: Typed, right: Typed): void {
  if (comparable(left, right)) return;
  throw invalidQuery(
    `No matching signature for operator ${sign} for argument types: ${left.type?.name}, ${right.type?.name}`,
  );
}

function literal(type: SqlType, written: string): Sql {
  const constant = true;
  if (type.name === '*' || type.name === 'NULL' || type.name === 'BOOL')
    return { sql: written, type, constant };
  if (type.name === 'INT64') return { sql: `CAST(${written} AS BIGINT)`, type, constant };
  if (type.name === 'FLOAT64') return { sql: `CAST(${written} AS DOUBLE)`, type, constant };
  if (type.name === 'STRING') return { sql: text(written), type, constant };
  return { sql: `CAST(${text(written)} AS ${duckType(type)})`, type, constant };
}

function isStar(of: Expression | undefined): boolean {
  return of?.kind === 'literal' && of.type.name === '*';
}

function word(of: Expression): string {
  return of.kind === 'path' ? of.names.join('.') : '';
}

function stepOf(unit: string): string {
  const found = STEPS[unit];
  if (!found) throw invalidQuery(`A valid date part name is required but found ${unit}`);
  return found;
}
