import { MobError } from '@mobkit/core';
import { z } from 'zod';

import type { BigQueryOptions } from '../client/options.js';

/** How events are kept in a dataset. */
export interface BigQueryEventOptions extends BigQueryOptions {
  /** The table of events; a second one of its name and `_head` says where they are. @defaultValue "event_archive", "event_log" */
  readonly table?: string;
  /**
   * How events are written. `stream`: readable after a second or so, paid for by size; what holds an event of 10 MB is loaded. `load`: jobs, which are free, take some
   * seconds each, and are limited to 1,500 a day and table. `auto`: streamed, batches of more than 5,000 events or 5 MB loaded.
   *
   * @defaultValue "auto"
   */
  readonly mode?: WriteMode;
  /**
   * Events are removed by the server this many days after their day. Changing it changes the table. @defaultValue they are kept
   */
  readonly retentionDays?: number;
  /**
   * Makes and changes nothing, and asks for the right to read alone: where there is no table there are no events.
   *
   * @defaultValue false
   */
  readonly readOnly?: boolean;
  /** Gives up looking for the tables and making them, at once; no more once they are there. */
  readonly signal?: AbortSignal;
}

/** How rows are sent: inserted one by one as they come, loaded as files, or whichever suits how many there are. */
export type WriteMode = 'auto' | 'load' | 'stream';

export interface ParsedEventOptions {
  readonly table: string;
  readonly mode: WriteMode;
  readonly retentionDays: number | undefined;
  readonly readOnly: boolean;
  readonly connection: BigQueryOptions;
  readonly signal: AbortSignal | undefined;
}

const schema = z.object({
  table: z.string().max(190),
  mode: z.enum(['auto', 'load', 'stream']).default('auto'),
  retentionDays: z.int().min(1).max(36_500).optional(),
  readOnly: z.boolean().default(false),
});

/** @throws MobError `MOB_CONFIG_INVALID` with `details.field`. */
export function parseEventOptions(
  { table, mode, retentionDays, readOnly, signal, ...connection }: BigQueryEventOptions,
  defaultTable: string,
): ParsedEventOptions {
  const parsed = schema.safeParse({ table: table ?? defaultTable, mode, retentionDays, readOnly });
  if (parsed.success) {
    const { retentionDays: days, ...data } = parsed.data;
    return { ...data, retentionDays: days, connection, signal };
  }
  const field = String(parsed.error.issues[0]?.path[0]);
  throw new MobError('MOB_CONFIG_INVALID', `store-bigquery: ${z.prettifyError(parsed.error)}`, {
    details: { field },
  });
}
