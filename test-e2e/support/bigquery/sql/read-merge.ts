import { expression, readAlias, readSource, readTable } from './read-query.js';
import { readAssignments } from './read-assignments.js';
import type { Reader } from './reader.js';
import type { MergeAction, MergeClause, Statement } from './tree.js';

export function readMerge(reader: Reader): Statement {
  reader.accept('INTO');
  const table = readTable(reader);
  const alias = readAlias(reader);
  reader.expect('USING');
  const using = readSource(reader);
  reader.expect('ON');
  const on = expression(reader);
  const clauses: MergeClause[] = [];
  while (reader.accept('WHEN')) clauses.push(readClause(reader));
  if (clauses.length === 0) throw reader.unexpected('Expected WHEN');
  return { kind: 'MERGE', table, using, on, clauses, ...(alias && { alias }) };
}

function readClause(reader: Reader): MergeClause {
  const not = reader.accept('NOT');
  reader.expect('MATCHED');
  const bySource = not && reader.accept('BY', 'SOURCE');
  if (not && !bySource && reader.accept('BY')) reader.expect('TARGET');
  const when = bySource ? 'NOT MATCHED BY SOURCE' : not ? 'NOT MATCHED' : 'MATCHED';
  const and = reader.accept('AND') ? expression(reader) : undefined;
  reader.expect('THEN');
  return { when, action: readAction(reader, when), ...(and && { and }) };
}

function readAction(reader: Reader, when: MergeClause['when']): MergeAction {
  if (when !== 'NOT MATCHED') {
    if (reader.accept('DELETE')) return { kind: 'delete' };
    reader.expect('UPDATE', 'SET');
    return { kind: 'update', set: readAssignments(reader) };
  }
  reader.expect('INSERT');
  if (reader.accept('ROW')) return { kind: 'insert', columns: [], values: 'ROW' };
  reader.expect('(');
  const columns = reader.list(() => reader.name());
  reader.expect(')');
  if (reader.accept('ROW')) return { kind: 'insert', columns, values: 'ROW' };
  reader.expect('VALUES', '(');
  const values = reader.list(() => expression(reader));
  reader.expect(')');
  if (values.length !== columns.length) throw reader.unexpected('Expected as many values as columns');
  return { kind: 'insert', columns, values };
}
