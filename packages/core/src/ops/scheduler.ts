import type { JsonValue } from '../json-value.js';
import type { RuntimeService } from './runtime-service.js';
import type { NewSchedule, Schedule, ScheduleChange, SchedulePhase } from './schedule.js';
import type { ScheduleEvaluator } from './schedule-evaluator.js';
import type { OccurrencePhase, ScheduleOccurrence } from './schedule-occurrence.js';

/**
 * Makes things happen when they are due, whoever else works on the same store: of all that do, one begins each occurrence. One
 * that a crash cut short is begun again, with the same idempotency key: once when nothing dies, at least once when something
 * does.
 *
 * All that changes a schedule throws `MOB_SHUTTING_DOWN` after `stop`, and what the storage throws.
 */
export interface Scheduler extends ScheduleEvaluator, RuntimeService {
  /**
   * Keeps a schedule. What was due before this moment is not made up for, but for a `once`, which its misfire policy judges. An id
   * whose schedule was deleted may be taken again. A schedule that is over, completed or deleted, is forgotten with its occurrences
   * some time after the last thing that happened to it.
   *
   * @throws MobError `MOB_CONFLICT` when the id is taken (`details.scheduleId`); `MOB_SCHEDULE_INVALID` (`details.field`) for what
   * is no schedule, and one that can never be due.
   */
  create(schedule: NewSchedule): Promise<Schedule>;

  /**
   * Changes a schedule. Occurrences that wait to be tried again are superseded; one that is under way goes on. With another trigger
   * it is due by that one from now on. Changing nothing changes nothing.
   *
   * @throws MobError `MOB_SCHEDULE_NOT_FOUND` (also for one that was deleted), `MOB_CONFLICT` when `expectedRevision` is not its
   * revision (`details.revision`), `MOB_SCHEDULE_INVALID`.
   */
  update(scheduleId: string, change: ScheduleChange, options?: RevisionOptions): Promise<Schedule>;

  /** Nothing is due while it is paused, and nothing of that time is made up for. @throws as `update`. */
  pause(scheduleId: string, options?: RevisionOptions): Promise<Schedule>;

  /** It is due again from now on. @throws as `update`. */
  resume(scheduleId: string, options?: RevisionOptions): Promise<Schedule>;

  /** Ends a schedule; it is kept with its occurrences, until it is old. @throws as `update`. */
  delete(scheduleId: string, options?: RevisionOptions): Promise<Schedule>;

  get(scheduleId: string): Promise<Schedule | undefined>;

  /** Ascending by id; those that were deleted only when they are asked for. */
  list(query?: ScheduleQuery): Promise<SchedulePage>;

  /** Of one schedule, the newest first. The newest 64 are kept. */
  occurrences(scheduleId: string, query?: OccurrenceQuery): Promise<readonly ScheduleOccurrence[]>;
}

/** Which revision of a schedule is meant. */
export interface RevisionOptions {
  /** Changes only this revision. */
  readonly expectedRevision?: number;
}

/** Which schedules to list, and from where. */
export interface ScheduleQuery {
  /** @defaultValue every phase but `deleted` */
  readonly phase?: SchedulePhase;
  /** Exclusive: the last id of the page before. */
  readonly afterScheduleId?: string;
  /** @defaultValue 100 */
  readonly limit?: number;
}

/** One page of schedules, ascending by id. */
export interface SchedulePage {
  readonly schedules: readonly Schedule[];
  /** Whether there are more after the last of these. */
  readonly more: boolean;
}

/** Which occurrences to list, the newest first. */
export interface OccurrenceQuery {
  readonly phase?: OccurrencePhase;
  /** @defaultValue 64 */
  readonly limit?: number;
}

/** Something a host lets schedules call by name. Rejecting with a retryable MobError has it called again. */
export type ScheduleFunction = (call: ScheduleCall) => Promise<unknown>;

/** What a function is called with when its schedule is due. It may be called again for the same occurrence. */
export interface ScheduleCall {
  readonly scheduleId: string;
  readonly occurrenceId: string;
  readonly dueAtMs: number;
  /** The same at every attempt. */
  readonly idempotencyKey: string;
  /** From 1. */
  readonly attempt: number;
  readonly params?: JsonValue;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}
