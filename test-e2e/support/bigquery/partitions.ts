import type { Field } from './field.js';
import { NO_VALUE, type Span } from './pruning.js';
import { quoted } from './sql/types.js';
import type { Table } from './table.js';
import type { Warehouse } from './warehouse.js';

/** One partition with its rows and how many bytes each of its columns holds. */
export interface Partition extends Span {
  readonly rows: number;
  readonly bytes: ReadonlyMap<string, number>;
}

const FORMATS = { HOUR: '%Y%m%d%H', DAY: '%Y%m%d', MONTH: '%Y%m', YEAR: '%Y' } as const;

const counted = new WeakMap<Table, { readonly version: number; readonly partitions: readonly Partition[] }>();

/** The partitions that there are, by their names; a table that has none is one partition. */
export async function partitionsOf(warehouse: Warehouse, table: Table): Promise<readonly Partition[]> {
  const known = counted.get(table);
  if (known?.version === table.version) return known.partitions;
  const partitions = await count(warehouse, table);
  counted.set(table, { version: table.version, partitions });
  return partitions;
}

async function count(warehouse: Warehouse, table: Table): Promise<readonly Partition[]> {
  const { fields, partitioning } = table;
  if (fields.length === 0) return [];
  const type = partitioning?.type ?? 'DAY';
  const start = partitioning
    ? `date_trunc('${type}', CAST(${quoted(partitioning.field)} AS TIMESTAMPTZ))`
    : 'CAST(NULL AS TIMESTAMPTZ)';
  const sizes = fields.map((field) => `CAST(coalesce(sum(${sizeOf(field)}), 0) AS BIGINT)`).join(', ');
  const { rows } = await warehouse.duck.run(
    `SELECT strftime(_start, '${FORMATS[type]}'), epoch_us(_start), epoch_us(_start + to_${type.toLowerCase()}s(1)) - 1,
       count(*), ${sizes} FROM (SELECT *, ${start} AS _start FROM ${table.all}) GROUP BY _start ORDER BY _start`,
  );
  return rows.map(([id, from, to, number, ...bytes]) => ({
    id: id === null ? NO_VALUE : String(id),
    from: typeof from === 'bigint' ? from : 1n,
    to: typeof to === 'bigint' ? to : 0n,
    rows: Number(number),
    bytes: new Map(fields.map((field, at) => [field.name.toLowerCase(), Number(bytes[at])])),
  }));
}

const FIXED: Readonly<Record<string, number>> = { BOOLEAN: 1, NUMERIC: 16 };

function sizeOf(field: Field): string {
  const name = quoted(field.name);
  if (field.mode === 'REPEATED' || field.type === 'RECORD')
    return `strlen(CAST(to_json(${name}) AS VARCHAR))`;
  if (field.type === 'STRING' || field.type === 'JSON') return `strlen(CAST(${name} AS VARCHAR)) + 2`;
  if (field.type === 'BYTES') return `octet_length(${name}) + 2`;
  return `CASE WHEN ${name} IS NULL THEN 0 ELSE ${FIXED[field.type] ?? 8} END`;
}
