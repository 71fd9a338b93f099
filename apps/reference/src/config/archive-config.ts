import type { HotEvents } from '@mobkit/event-log';
import type { BigQueryEventOptions, BigQueryOptions } from '@mobkit/store-bigquery';
import { z } from 'zod';

/** Where events go beside the event log, and what stays in it of those that went. */
export interface ArchiveConfig {
  /** The archive that comes with the app; absent: the one that a plugin of the config brings. */
  readonly bigquery?: BigQueryEventOptions;
  readonly hot: HotEvents;
  readonly batchSize?: number;
  /** How often what counts no more is removed from the archive; absent: never. */
  readonly compactEveryMs?: number;
}

/** Whatever its size a batch costs BigQuery a second or two, in which more events come: what waits goes in one. */
const BIGQUERY_BATCH_SIZE = 5_000;

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** The part `archive` of a config. */
export const archiveSchema = z.strictObject({
  to: z.literal('bigquery').optional(),
  table: z.string().trim().min(1).optional(),
  mode: z.enum(['auto', 'load', 'stream']).optional(),
  retain_days: z.int().min(1).max(36_500).optional(),
  hot_events: z.int().min(0).optional(),
  hot_days: z.number().positive().max(36_500).optional(),
  batch_size: z.int().min(1).max(10_000).optional(),
  // 0: never. It reads a few columns of every row, which is paid for.
  compact_hours: z.number().min(0).max(8_760).default(24),
});

/** What is wrong with it beside the rest of the config; undefined when nothing is. */
export function archiveProblem(
  { to, table, mode, retain_days: retainDays }: z.output<typeof archiveSchema>,
  bigquery: BigQueryOptions | undefined,
  retained: boolean,
): string | undefined {
  if (retained) {
    return '`retain_days` and `retain_events` of [event_log] would remove what is not archived yet: say `hot_days` and `hot_events` of [archive] instead, and for the archive itself its `retain_days`';
  }
  if (to === 'bigquery' && !bigquery)
    return '`to = "bigquery"` needs a section [bigquery] with its `dataset`';
  if (to === undefined && (table ?? mode ?? retainDays) !== undefined) {
    return '`table`, `mode` and `retain_days` are of `to = "bigquery"`';
  }
  return undefined;
}

export function archiveConfigOf(
  given: z.output<typeof archiveSchema>,
  bigquery: BigQueryOptions | undefined,
): ArchiveConfig {
  const { table, mode, retain_days: retentionDays } = given;
  const batchSize = given.batch_size ?? (given.to === 'bigquery' ? BIGQUERY_BATCH_SIZE : undefined);
  const { hot_events: events, hot_days: days } = given;
  return {
    ...(given.to === 'bigquery' &&
      bigquery && {
        bigquery: {
          ...bigquery,
          ...(table !== undefined && { table }),
          ...(mode !== undefined && { mode }),
          ...(retentionDays !== undefined && { retentionDays }),
        },
      }),
    hot: {
      ...(events !== undefined && { events }),
      ...(days !== undefined && { ms: Math.ceil(days * DAY_MS) }),
    },
    ...(batchSize !== undefined && { batchSize }),
    ...(given.compact_hours > 0 && { compactEveryMs: Math.ceil(given.compact_hours * HOUR_MS) }),
  };
}
