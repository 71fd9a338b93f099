import { readType } from './read-type.js';
import type { Reader } from './reader.js';
import type { Call, Expression, Order, Over, Query } from './tree.js';

/** What reads a query: expressions hold queries, and queries expressions. */
export type ReadQuery = (reader: Reader) => Query;

const COMPARISONS = ['=', '!=', '<>', '<=', '>=', '<', '>'] as const;

export function readExpression(reader: Reader, readQuery: ReadQuery): Expression {
  return new Expressions(reader, readQuery).or();
}

export function readOrders(reader: Reader, readQuery: ReadQuery): Order[] {
  return reader.list(() => {
    const of = readExpression(reader, readQuery);
    const down = reader.acceptOne('ASC', 'DESC') === 'DESC';
    if (!reader.accept('NULLS')) return { of, down };
    const nulls = reader.acceptOne('FIRST', 'LAST');
    if (!nulls) throw reader.unexpected('Expected FIRST or LAST');
    return { of, down, nulls };
  });
}

/** From what binds least to what binds most. */
class Expressions {
  readonly #reader: Reader;
  readonly #readQuery: ReadQuery;

  constructor(reader: Reader, readQuery: ReadQuery) {
    this.#reader = reader;
    this.#readQuery = readQuery;
  }

  or(): Expression {
    let left = this.#and();
    while (this.#reader.accept('OR')) left = { kind: 'binary', sign: 'OR', left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#reader.accept('AND')) left = { kind: 'binary', sign: 'AND', left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    if (this.#reader.accept('NOT')) return { kind: 'not', of: this.#not() };
    return this.#comparison();
  }

  #comparison(): Expression {
    const reader = this.#reader;
    const of = this.#sum();
    const sign = reader.acceptOne(...COMPARISONS);
    if (sign) return { kind: 'binary', sign: sign === '!=' ? '<>' : sign, left: of, right: this.#sum() };
    if (reader.accept('IS')) return this.#is(of);
    const not = reader.accept('NOT');
    if (reader.accept('BETWEEN')) {
      const low = this.#sum();
      reader.expect('AND');
      return { kind: 'between', of, low, high: this.#sum(), not };
    }
    if (reader.accept('LIKE')) {
      const like: Expression = { kind: 'binary', sign: 'LIKE', left: of, right: this.#sum() };
      return not ? { kind: 'not', of: like } : like;
    }
    if (reader.accept('IN')) return { kind: 'in', of, among: this.#among(), not };
    if (not) throw reader.unexpected('Expected BETWEEN, IN or LIKE');
    return of;
  }

  #is(of: Expression): Expression {
    const reader = this.#reader;
    const not = reader.accept('NOT');
    if (reader.accept('DISTINCT', 'FROM')) {
      const sign = not ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM';
      return { kind: 'binary', sign, left: of, right: this.#sum() };
    }
    const what = reader.acceptOne('NULL', 'TRUE', 'FALSE');
    if (!what) throw reader.unexpected('Expected NULL, TRUE or FALSE');
    return { kind: 'is', of, what, not };
  }

  #among() {
    const reader = this.#reader;
    if (reader.accept('UNNEST')) {
      reader.expect('(');
      const unnest = this.or();
      reader.expect(')');
      return { unnest };
    }
    reader.expect('(');
    const among = this.#seesQuery()
      ? { query: this.#readQuery(reader) }
      : { list: reader.list(() => this.or()) };
    reader.expect(')');
    return among;
  }

  #sum(): Expression {
    let left = this.#product();
    for (;;) {
      const sign = this.#reader.acceptOne('+', '-');
      if (!sign) return left;
      left = { kind: 'binary', sign, left, right: this.#product() };
    }
  }

  #product(): Expression {
    let left = this.#signed();
    for (;;) {
      const sign = this.#reader.acceptOne('*', '/', '||');
      if (!sign) return left;
      left = { kind: 'binary', sign, left, right: this.#signed() };
    }
  }

  #signed(): Expression {
    if (this.#reader.accept('-')) return { kind: 'minus', of: this.#signed() };
    return this.#reached();
  }

  #reached(): Expression {
    const reader = this.#reader;
    let of = this.#single();
    for (;;) {
      if (reader.accept('.')) {
        const name = reader.take().text;
        of = of.kind === 'path' ? { kind: 'path', names: [...of.names, name] } : { kind: 'field', of, name };
      } else if (reader.accept('[')) {
        const how = reader.acceptOne('OFFSET', 'SAFE_OFFSET', 'ORDINAL', 'SAFE_ORDINAL');
        if (how) reader.expect('(');
        const at = this.or();
        if (how) reader.expect(')');
        reader.expect(']');
        of = {
          kind: 'item',
          of,
          at,
          from: how?.endsWith('ORDINAL') ? 1 : 0,
          safe: how?.startsWith('SAFE') ?? false,
        };
      } else {
        return of;
      }
    }
  }

  #seesQuery(): boolean {
    return this.#reader.sees('SELECT') || this.#reader.sees('WITH');
  }

  #inBrackets<Of>(read: () => Of): Of {
    this.#reader.expect('(');
    const of = read();
    this.#reader.expect(')');
    return of;
  }

  #single(): Expression {
    const reader = this.#reader;
    const { kind, text } = reader.token;
    const literal = (name: string): Expression => ({
      kind: 'literal',
      type: { name },
      text: reader.take().text,
    });
    if (kind === 'string') return literal('STRING');
    if (kind === 'number') return literal(/^\d+$/.test(text) ? 'INT64' : 'FLOAT64');
    if (kind === 'parameter') return { kind: 'parameter', name: reader.take().text };
    if (reader.sees('TRUE') || reader.sees('FALSE')) return literal('BOOL');
    if (reader.sees('NULL')) return literal('NULL');
    if (reader.sees('(')) return this.#bracketed();
    if (kind === 'word' && reader.at(1).kind === 'string') {
      const type = reader.acceptOne('TIMESTAMP', 'DATE', 'DATETIME', 'TIME', 'JSON', 'NUMERIC');
      if (type) return literal(type);
    }
    return this.#special() ?? this.#named();
  }

  #bracketed(): Expression {
    return this.#inBrackets((): Expression => {
      if (this.#seesQuery()) return { kind: 'subquery', query: this.#readQuery(this.#reader), as: 'value' };
      const items = this.#reader.list(() => this.or());
      const [first] = items;
      if (items.length === 1 && first) return first;
      return { kind: 'struct', fields: items.map((value) => ({ value })) };
    });
  }

  #special(): Expression | undefined {
    const reader = this.#reader;
    if (reader.accept('CASE')) return this.#case();
    if (reader.accept('[')) {
      const items = reader.sees(']') ? [] : reader.list(() => this.or());
      reader.expect(']');
      return { kind: 'array', items };
    }
    if (reader.sees('ARRAY', '(')) {
      reader.take();
      return this.#inBrackets(() => ({ kind: 'subquery', query: this.#readQuery(reader), as: 'array' }));
    }
    if (reader.sees('ARRAY', '<') || reader.sees('ARRAY', '[')) {
      const type = reader.sees('ARRAY', '<') ? readType(reader).of : void reader.take();
      reader.expect('[');
      const items = reader.sees(']') ? [] : reader.list(() => this.or());
      reader.expect(']');
      return { kind: 'array', items, ...(type && { element: type }) };
    }
    if (reader.accept('STRUCT')) return this.#struct();
    if (reader.accept('EXISTS')) {
      return this.#inBrackets(() => ({ kind: 'subquery', query: this.#readQuery(reader), as: 'exists' }));
    }
    if (reader.sees('CAST', '(') || reader.sees('SAFE_CAST', '(')) {
      const safe = reader.take().text.toUpperCase() === 'SAFE_CAST';
      return this.#inBrackets(() => {
        const of = this.or();
        reader.expect('AS');
        return { kind: 'cast', of, type: readType(reader), safe };
      });
    }
    if (reader.accept('EXTRACT')) {
      return this.#inBrackets(() => {
        const part = reader.take().text.toUpperCase();
        reader.expect('FROM');
        return { kind: 'extract', part, of: this.or() };
      });
    }
    if (reader.accept('INTERVAL')) {
      const of = this.#signed();
      return { kind: 'interval', of, unit: reader.take().text.toUpperCase() };
    }
    if (reader.sees('IF', '(')) {
      reader.take();
      return { kind: 'call', name: 'IF', args: this.#inBrackets(() => reader.list(() => this.or())) };
    }
    return undefined;
  }

  #case(): Expression {
    const reader = this.#reader;
    const of = reader.sees('WHEN') ? undefined : this.or();
    const whens: (readonly [Expression, Expression])[] = [];
    while (reader.accept('WHEN')) {
      const when = this.or();
      reader.expect('THEN');
      whens.push([when, this.or()]);
    }
    const otherwise = reader.accept('ELSE') ? this.or() : undefined;
    reader.expect('END');
    return { kind: 'case', whens, ...(of && { of }), ...(otherwise && { otherwise }) };
  }

  #struct(): Expression {
    const reader = this.#reader;
    return this.#inBrackets(() => ({
      kind: 'struct',
      fields: reader.list(() => {
        const value = this.or();
        if (reader.accept('AS')) return { name: reader.name(), value };
        return value.kind === 'path' ? { name: value.names.at(-1) ?? '', value } : { value };
      }),
    }));
  }

  #named(): Expression {
    const reader = this.#reader;
    if (reader.token.kind === 'word' && reader.at(1).text === '(' && reader.at(1).kind === 'sign') {
      return this.#call(reader.name().toUpperCase());
    }
    return { kind: 'path', names: [reader.name()] };
  }

  #call(name: string): Call {
    const reader = this.#reader;
    const said = this.#inBrackets(() => {
      if (reader.sees(')')) return { args: [] };
      const distinct = reader.accept('DISTINCT');
      const star: Expression = { kind: 'literal', type: { name: '*' }, text: '*' };
      const args = reader.accept('*') ? [star] : reader.list(() => this.or());
      const most = reader.accept('HAVING') ? reader.acceptOne('MAX', 'MIN') : undefined;
      const having = most && { most, of: this.or() };
      const nulls = reader.acceptOne('IGNORE', 'RESPECT');
      if (nulls) reader.expect('NULLS');
      const orderBy = reader.accept('ORDER', 'BY') ? readOrders(reader, this.#readQuery) : undefined;
      const limit = reader.accept('LIMIT') ? this.or() : undefined;
      return {
        args,
        ...(distinct && { distinct }),
        ...(having && { having }),
        ...(nulls && { nulls }),
        ...(orderBy && { orderBy }),
        ...(limit && { limit }),
      };
    });
    const over = reader.accept('OVER') ? this.#inBrackets(() => this.#over()) : undefined;
    return { kind: 'call', name, ...said, ...(over && { over }) };
  }

  #over(): Over {
    const reader = this.#reader;
    const partitionBy = reader.accept('PARTITION', 'BY') ? reader.list(() => this.or()) : [];
    const orderBy = reader.accept('ORDER', 'BY') ? readOrders(reader, this.#readQuery) : [];
    if (!reader.sees('ROWS') && !reader.sees('RANGE')) return { partitionBy, orderBy };
    const { at } = reader.token;
    while (!reader.sees(')')) reader.take();
    return { partitionBy, orderBy, frame: reader.since(at) };
  }
}
