import { invalidQuery } from '../refusal.js';
import { readAssignments } from './read-assignments.js';
import { readColumn, readCreate, readOptions } from './read-create.js';
import { readMerge } from './read-merge.js';
import { expression, readAlias, readQuery, readSource, readTable } from './read-query.js';
import { Reader } from './reader.js';
import type { Statement } from './tree.js';

/**
 * Reads one statement. What the language does not have is refused, and so is what this server does not know, e.g. scripts
 * and transactions.
 */
export function readStatement(sql: string): Statement {
  const reader = new Reader(sql);
  const statement = readAny(reader);
  reader.accept(';');
  if (reader.token.kind !== 'end') throw reader.unexpected('Expected end of input');
  return statement;
}

function readAny(reader: Reader): Statement {
  if (reader.sees('SELECT') || reader.sees('WITH') || reader.sees('(')) {
    return { kind: 'SELECT', query: readQuery(reader) };
  }
  if (reader.accept('INSERT')) return readInsert(reader);
  if (reader.accept('UPDATE')) return readUpdate(reader);
  if (reader.accept('DELETE')) return readDelete(reader);
  if (reader.accept('MERGE')) return readMerge(reader);
  if (reader.accept('TRUNCATE', 'TABLE')) return { kind: 'TRUNCATE_TABLE', table: readTable(reader) };
  if (reader.accept('CREATE')) return readCreate(reader);
  if (reader.accept('DROP')) return readDrop(reader);
  if (reader.accept('ALTER', 'TABLE')) return readAlter(reader);
  throw reader.unexpected('Unexpected statement');
}

function readInsert(reader: Reader): Statement {
  reader.accept('INTO');
  const table = readTable(reader);
  reader.expect('(');
  const columns = reader.list(() => reader.name());
  reader.expect(')');
  if (!reader.accept('VALUES')) return { kind: 'INSERT', table, columns, values: readQuery(reader) };
  const values = reader.list(() => {
    reader.expect('(');
    const row = reader.list(() => expression(reader));
    reader.expect(')');
    return row;
  });
  if (values.some(({ length }) => length !== columns.length)) {
    throw invalidQuery('Inserted row has wrong column count');
  }
  return { kind: 'INSERT', table, columns, values };
}

function readUpdate(reader: Reader): Statement {
  const table = readTable(reader);
  const alias = readAlias(reader);
  reader.expect('SET');
  const set = readAssignments(reader);
  const from = reader.accept('FROM') ? readSource(reader) : undefined;
  if (!reader.accept('WHERE')) throw invalidQuery('UPDATE must have a WHERE clause');
  const where = expression(reader);
  return { kind: 'UPDATE', table, set, where, ...(alias && { alias }), ...(from && { from }) };
}

function readDelete(reader: Reader): Statement {
  reader.accept('FROM');
  const table = readTable(reader);
  const alias = readAlias(reader);
  if (!reader.accept('WHERE')) throw invalidQuery('DELETE must have a WHERE clause');
  return { kind: 'DELETE', table, where: expression(reader), ...(alias && { alias }) };
}

function readDrop(reader: Reader): Statement {
  const kind = reader.accept('TABLE')
    ? 'DROP_TABLE'
    : reader.accept('VIEW')
      ? 'DROP_VIEW'
      : reader.accept('MATERIALIZED', 'VIEW') && 'DROP_MATERIALIZED_VIEW';
  if (!kind) throw reader.unexpected('Expected TABLE or VIEW');
  const ifExists = reader.accept('IF', 'EXISTS');
  return { kind, table: readTable(reader), ifExists };
}

function readAlter(reader: Reader): Statement {
  const table = readTable(reader);
  if (reader.accept('SET')) {
    return { kind: 'ALTER_TABLE', table, add: [], options: readOptions(reader) };
  }
  const add = reader.list(() => {
    reader.expect('ADD', 'COLUMN');
    const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
    return { ...readColumn(reader), ifNotExists };
  });
  return { kind: 'ALTER_TABLE', table, add, options: {} };
}
