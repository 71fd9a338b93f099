import { expression, readQuery, readTable } from './read-query.js';
import { readType } from './read-type.js';
import type { Reader } from './reader.js';
import type { ColumnDefinition, Expression, Options, Statement } from './tree.js';

export function readCreate(reader: Reader): Statement {
  const orReplace = reader.accept('OR', 'REPLACE');
  if (reader.accept('TABLE')) return readCreateTable(reader, orReplace);
  const kind = reader.accept('VIEW')
    ? 'CREATE_VIEW'
    : reader.accept('MATERIALIZED', 'VIEW') && 'CREATE_MATERIALIZED_VIEW';
  if (!kind) throw reader.unexpected('Expected TABLE or VIEW');
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const table = readTable(reader);
  if (reader.accept('CLUSTER', 'BY')) reader.list(() => reader.name());
  const options = reader.sees('OPTIONS') ? readOptions(reader) : {};
  reader.expect('AS');
  const { at } = reader.token;
  const query = readQuery(reader);
  return { kind, table, orReplace, ifNotExists, options, query, text: reader.since(at) };
}

function readCreateTable(reader: Reader, orReplace: boolean): Statement {
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const table = readTable(reader);
  const columns = reader.accept('(') ? reader.list(() => readColumn(reader)) : undefined;
  if (columns) reader.expect(')');
  const partitionBy = reader.accept('PARTITION', 'BY') ? expression(reader) : undefined;
  const clusterBy = reader.accept('CLUSTER', 'BY') ? reader.list(() => reader.name()) : [];
  const options = reader.sees('OPTIONS') ? readOptions(reader) : {};
  const query = reader.accept('AS') ? readQuery(reader) : undefined;
  if (!columns && !query) throw reader.unexpected('Expected columns or AS');
  return {
    kind: 'CREATE_TABLE',
    table,
    orReplace,
    ifNotExists,
    clusterBy,
    options,
    ...(columns && { columns }),
    ...(partitionBy && { partitionBy }),
    ...(query && { query }),
  };
}

export function readColumn(reader: Reader): ColumnDefinition {
  const name = reader.name();
  const type = readType(reader);
  const required = reader.accept('NOT', 'NULL');
  if (reader.sees('OPTIONS')) readOptions(reader);
  return { name, type, required };
}

export function readOptions(reader: Reader): Options {
  reader.expect('OPTIONS', '(');
  const options: Record<string, Expression> = {};
  if (!reader.sees(')')) {
    reader.list(() => {
      const name = reader.name().toLowerCase();
      reader.expect('=');
      options[name] = expression(reader);
    });
  }
  reader.expect(')');
  return options;
}
