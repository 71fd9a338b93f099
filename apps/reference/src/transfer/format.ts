import type { NewEntry, NewRecord } from '@mobkit/core';
import { z } from 'zod';

/** Raised when an older program could not read what a newer one writes. */
export const FORMAT_VERSION = 1;

const count = z.int().min(0);
const fieldTypes = z.record(z.string(), z.enum(['text', 'integer']));
const fields = z.record(z.string(), z.union([z.string(), z.int()])).default({});

// A file is a header, then each partition of each log and each set of records with what it holds, then an end. Data stays
// text, so that it comes out character for character as it went in. Order and nesting are those of the lines.
const lines = {
  mobkit_export: z.strictObject({
    type: z.literal('mobkit_export'),
    version: z.int(),
    /** Tells this file from others, so that an import that was cut short knows its own. */
    id: z.uuid(),
    exported_at_ms: z.int(),
    /** What is there when the export begins; the end counts what came out. */
    logs: count,
    records: count,
    entries: count,
  }),
  log: z.strictObject({
    type: z.literal('log'),
    name: z.string(),
    fields: fieldTypes,
    partition: z.string(),
    first_seq: z.int().min(1),
    last_seq: z.int().min(1),
  }),
  entry: z.strictObject({
    type: z.literal('entry'),
    seq: z.int().min(1),
    id: z.string(),
    timestamp_ms: z.int(),
    fields,
    data: z.string(),
  }),
  records: z.strictObject({ type: z.literal('records'), name: z.string(), fields: fieldTypes }),
  record: z.strictObject({
    type: z.literal('record'),
    key: z.string(),
    fields,
    data: z.string(),
    due_at_ms: z.int().optional(),
  }),
  end: z.strictObject({ type: z.literal('end'), entries: count, records: count }),
};

type LineTypes = typeof lines;

/** A line of an export. */
export type TransferLine = { [Type in keyof LineTypes]: z.output<LineTypes[Type]> }[keyof LineTypes];

/** How much came through. */
export interface TransferCounts {
  readonly entries: number;
  readonly records: number;
}

const schema = z.discriminatedUnion('type', [
  lines.mobkit_export,
  lines.log,
  lines.entry,
  lines.records,
  lines.record,
  lines.end,
]);

/** Reads a line; text, what is wrong, when it is none. */
export function parseLine(text: string): TransferLine | string {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `is no line of an export: ${issue?.path.join('.') || 'type'}: ${issue?.message}`;
}

export function formatLine(line: TransferLine): string {
  return `${JSON.stringify(line)}\n`;
}

export function toEntry(line: z.output<LineTypes['entry']>): NewEntry {
  return { id: line.id, timestampMs: line.timestamp_ms, fields: line.fields, data: line.data };
}

export function toRecord(line: z.output<LineTypes['record']>): NewRecord {
  const { fields: given, data, due_at_ms: dueAtMs } = line;
  return { fields: given, data, ...(dueAtMs !== undefined && { dueAtMs }) };
}
