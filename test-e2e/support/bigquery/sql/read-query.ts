import { readExpression, readOrders } from './read-expression.js';
import type { Reader } from './reader.js';
import type { Expression, Query, Select, SelectItem, Source, TablePath } from './tree.js';

export function readQuery(reader: Reader): Query {
  const ctes = reader.accept('WITH')
    ? reader.list(() => {
        const name = reader.name();
        reader.expect('AS', '(');
        const query = readQuery(reader);
        reader.expect(')');
        return { name, query };
      })
    : [];
  let of = readOne(reader);
  for (;;) {
    const sign = reader.acceptOne('UNION', 'INTERSECT', 'EXCEPT');
    if (!sign) break;
    const how = reader.acceptOne('ALL', 'DISTINCT');
    if (!how) throw reader.unexpected('Expected ALL or DISTINCT');
    of = { kind: 'set', sign: how === 'ALL' ? `${sign} ALL` : sign, left: of, right: readOne(reader) };
  }
  const orderBy = reader.accept('ORDER', 'BY') ? readOrders(reader, readQuery) : [];
  const limit = reader.accept('LIMIT') ? constant(reader) : undefined;
  const offset = limit && reader.accept('OFFSET') ? constant(reader) : undefined;
  if (ctes.length === 0 && orderBy.length === 0 && !limit) return of;
  return { kind: 'wrapped', of, with: ctes, orderBy, ...(limit && { limit }), ...(offset && { offset }) };
}

export function expression(reader: Reader): Expression {
  return readExpression(reader, readQuery);
}

/** `project.dataset.table`, in one pair of backticks or several. */
export function readTable(reader: Reader): TablePath {
  const parts = reader.name().split('.');
  // The project may be written with dashes and without backticks.
  while (reader.accept('.')) parts.push(...reader.take().text.split('.'));
  return parts;
}

/** A name given to it, with or without `AS`. */
export function readAlias(reader: Reader): string | undefined {
  if (reader.accept('AS')) return reader.name();
  const { kind, text } = reader.token;
  if (kind === 'quoted') return reader.name();
  if (kind !== 'word' || AFTER_SOURCE.has(text.toUpperCase())) return undefined;
  try {
    return reader.name();
  } catch {
    return undefined;
  }
}

/** Not reserved, and yet no name when they follow one. */
const AFTER_SOURCE = new Set(['OFFSET', 'VALUES', 'OPTIONS', 'CLUSTER', 'INSERT', 'UPDATE', 'DELETE']);

export function readSource(reader: Reader): Source {
  let left = readSingle(reader);
  for (;;) {
    if (reader.accept(',')) {
      left = { kind: 'join', how: 'CROSS', left, right: readSingle(reader) };
      continue;
    }
    const how = readJoin(reader);
    if (how === undefined) return left;
    const right = readSingle(reader);
    if (reader.accept('ON')) {
      left = { kind: 'join', how, left, right, on: expression(reader) };
    } else if (reader.accept('USING')) {
      reader.expect('(');
      const using = reader.list(() => reader.name());
      reader.expect(')');
      left = { kind: 'join', how, left, right, using };
    } else if (how === 'CROSS' || right.kind === 'unnest') {
      left = { kind: 'join', how, left, right };
    } else {
      throw reader.unexpected('Expected ON or USING');
    }
  }
}

function readJoin(reader: Reader): string | undefined {
  if (reader.accept('JOIN')) return 'INNER';
  for (const how of ['INNER', 'CROSS', 'LEFT', 'RIGHT', 'FULL']) {
    if (!reader.accept(how)) continue;
    reader.accept('OUTER');
    reader.expect('JOIN');
    return how;
  }
  return undefined;
}

function readSingle(reader: Reader): Source {
  if (reader.accept('UNNEST')) {
    reader.expect('(');
    const of = expression(reader);
    reader.expect(')');
    const alias = readAlias(reader);
    const offset = reader.accept('WITH', 'OFFSET') ? (readAlias(reader) ?? 'offset') : undefined;
    return { kind: 'unnest', of, ...(alias && { alias }), ...(offset && { offset }) };
  }
  if (reader.accept('(')) {
    const query = readQuery(reader);
    reader.expect(')');
    const alias = readAlias(reader);
    return { kind: 'query', query, ...(alias && { alias }) };
  }
  const table = readTable(reader);
  const alias = readAlias(reader);
  return { kind: 'table', table, ...(alias && { alias }) };
}

function readOne(reader: Reader): Query {
  if (!reader.accept('(')) return readSelect(reader);
  const of = readQuery(reader);
  reader.expect(')');
  return of;
}

function readSelect(reader: Reader): Select {
  reader.expect('SELECT');
  const distinct = reader.acceptOne('ALL', 'DISTINCT') === 'DISTINCT';
  const asStruct = reader.accept('AS', 'STRUCT');
  const items = readItems(reader);
  const from = reader.accept('FROM') ? readSource(reader) : undefined;
  const where = reader.accept('WHERE') ? expression(reader) : undefined;
  const groupBy = reader.accept('GROUP', 'BY')
    ? reader.accept('ALL')
      ? 'ALL'
      : reader.list(() => expression(reader))
    : undefined;
  const having = reader.accept('HAVING') ? expression(reader) : undefined;
  const qualify = reader.accept('QUALIFY') ? expression(reader) : undefined;
  return {
    kind: 'select',
    distinct,
    asStruct,
    items,
    ...(from && { from }),
    ...(where && { where }),
    ...(groupBy && { groupBy }),
    ...(having && { having }),
    ...(qualify && { qualify }),
  };
}

function readItems(reader: Reader): SelectItem[] {
  const items: SelectItem[] = [];
  do {
    // A comma may follow the last one.
    if (items.length > 0 && reader.sees('FROM')) break;
    items.push(readItem(reader));
  } while (reader.accept(','));
  return items;
}

function readItem(reader: Reader): SelectItem {
  const table = reader.at(1).text === '.' && reader.at(2).text === '*' ? reader.name() : undefined;
  if (table !== undefined) reader.expect('.');
  if (reader.accept('*')) {
    const except = reader.accept('EXCEPT') ? inBrackets(reader, () => reader.name()) : [];
    const replace = reader.accept('REPLACE')
      ? inBrackets(reader, () => {
          const of = expression(reader);
          reader.expect('AS');
          return { of, alias: reader.name() };
        })
      : [];
    return { kind: 'all', except, replace, ...(table !== undefined && { table }) };
  }
  const of = expression(reader);
  const alias = readAlias(reader);
  return { kind: 'one', of, ...(alias && { alias }) };
}

function inBrackets<Item>(reader: Reader, one: () => Item): Item[] {
  reader.expect('(');
  const items = reader.list(one);
  reader.expect(')');
  return items;
}

/** What limits a result is a number or a parameter, and nothing that is worked out. */
function constant(reader: Reader): Expression {
  const { kind, text } = reader.token;
  if (kind === 'parameter') return { kind: 'parameter', name: reader.take().text };
  if (kind !== 'number' || !/^\d+$/.test(text))
    throw reader.unexpected('Expected an integer literal or a parameter');
  return { kind: 'literal', type: { name: 'INT64' }, text: reader.take().text };
}
