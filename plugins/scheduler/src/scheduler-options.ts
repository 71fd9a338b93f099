import type { Clock, Storage } from '@mobkit/core';
import type { NewSchedule, ScheduleFunction, ScheduleInjector } from '@mobkit/core/ops';

/** What `openScheduler` is given. It closes none of it. */
export interface SchedulerOptions {
  /** Keeps schedules, occurrences and claims, in the records `schedules`, `occurrences` and `ticks`. */
  readonly storage: Storage;
  /**
   * Whose schedules they are, such as the id of a mob: of those who share a storage one fires what is of its own scope alone. It
   * becomes part of the names of the records. @defaultValue everybody's who has none
   */
  readonly scope?: string;
  /** Functions that targets may name. */
  readonly functions?: Readonly<Record<string, ScheduleFunction>>;
  /** Asked by the tick call what to tell members; undefined when there is none now. */
  readonly injector?: () => ScheduleInjector | undefined;
  /**
   * Schedules that are to be exactly as they are here: when the scheduler starts each is created, or changed if it differs, and
   * one that an earlier start declared and this one does not is deleted. @defaultValue those declared before stay
   */
  readonly declared?: readonly NewSchedule[];
  /**
   * How long an occurrence that was begun belongs to a process that shows no life, in milliseconds, from 1000: after so long
   * another one begins it again. @defaultValue 30_000
   */
  readonly leaseMs?: number;
  /**
   * How long a schedule that is over is kept with its occurrences, and what the tick call knows of one that no tick names any more,
   * in milliseconds, at least a minute. A declared one is kept for as long as it is declared. @defaultValue 30 days
   */
  readonly retentionMs?: number;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}
