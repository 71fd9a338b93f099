import { triggerTimes } from './durable/trigger-times.js';

/** From when on, and how often, to say when a schedule is due. */
export interface NextFiresOptions {
  /** Unix time in milliseconds, exclusive. */
  readonly afterMs: number;
  readonly count: number;
  /** @defaultValue `UTC` */
  readonly timezone?: string;
  /** Of a schedule of this id. @defaultValue no jitter */
  readonly jitter?: { readonly scheduleId: string; readonly jitterMs: number };
}

/**
 * When an interval marker or a cron expression is due next: Unix times in milliseconds, ascending; fewer when there are no more.
 *
 * @throws MobError `MOB_SCHEDULE_INVALID` for what is neither, or no time zone (`details.reason`).
 */
export function nextFires(
  expression: string,
  { afterMs, count, timezone = 'UTC', jitter }: NextFiresOptions,
): readonly number[] {
  const { scheduleId, jitterMs = 0 } = jitter ?? {};
  const times = triggerTimes({ type: 'cron', expression, timezone, jitterMs }, scheduleId);
  const found: number[] = [];
  for (let next = times.nextAfter(afterMs); next !== undefined && found.length < count;) {
    found.push(next);
    next = times.nextAfter(next);
  }
  return found;
}
