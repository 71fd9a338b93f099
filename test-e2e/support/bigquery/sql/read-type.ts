import type { Reader } from './reader.js';
import type { SqlType } from './tree.js';

const TYPES: Readonly<Record<string, string>> = {
  STRING: 'STRING',
  BYTES: 'BYTES',
  INT64: 'INT64',
  INTEGER: 'INT64',
  INT: 'INT64',
  BIGINT: 'INT64',
  FLOAT64: 'FLOAT64',
  NUMERIC: 'NUMERIC',
  BOOL: 'BOOL',
  BOOLEAN: 'BOOL',
  TIMESTAMP: 'TIMESTAMP',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIME: 'TIME',
  JSON: 'JSON',
};

export function readType(reader: Reader): SqlType {
  if (reader.accept('ARRAY')) {
    reader.expect('<');
    const of = readType(reader);
    reader.expect('>');
    return { name: 'ARRAY', of };
  }
  if (reader.accept('STRUCT')) {
    reader.expect('<');
    const fields = reader.list(() => ({ name: reader.name(), type: readType(reader) }));
    reader.expect('>');
    return { name: 'STRUCT', fields };
  }
  const name = TYPES[reader.token.text.toUpperCase()];
  if (reader.token.kind !== 'word' || name === undefined) throw reader.unexpected('Type not found:');
  reader.take();
  if (reader.accept('(')) {
    reader.take();
    reader.expect(')');
  }
  return { name };
}
