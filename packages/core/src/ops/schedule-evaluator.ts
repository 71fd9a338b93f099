import type { ModuleHealthState } from './module-status.js';

/** When something is to happen. */
export interface ScheduleDefinition {
  /** Trimmed wherever it is used. */
  readonly scheduleId: string;
  /** `*`/`5m` (s, m, h, d), at round readings of the clock, or five numeric fields of cron. */
  readonly interval: string;
  /** `UTC`, an offset (`+01:00`), or an IANA name. */
  readonly timezone: string;
  /** @defaultValue true */
  readonly enabled?: boolean;
  /** By how much it may be late on purpose, always by the same, in milliseconds. @defaultValue 0 */
  readonly jitterMs?: number;
  /** An occurrence that was claimed already is passed over in silence also at its own tick. @defaultValue false */
  readonly catchUp?: boolean;
}

/** What is due at a tick, in the order in which it is to happen: by due time, id, interval, time zone. */
export interface ScheduleEvaluation {
  readonly tickMs: number;
  readonly dueTriggers: readonly ScheduleDue[];
}

/** A schedule that is due at a tick: `dueTickMs`, Unix time in milliseconds. */
export interface ScheduleDue {
  readonly scheduleId: string;
  readonly interval: string;
  readonly timezone: string;
  readonly dueTickMs: number;
}

/** A message that a schedule gives to a member. */
export interface ScheduleInjection {
  readonly memberId: string;
  readonly message: string;
  /** What became of it is told by an event whose id begins with this. */
  readonly injectionEventId: string;
}

/** How the module `scheduling` was when something was dispatched. */
export interface SupervisorSignal {
  readonly moduleId: string;
  readonly latestState: ModuleHealthState;
  readonly latestAttempt: number;
  /** Whether it was ever restarted. */
  readonly restartObserved: boolean;
}

/** A schedule that was due at a tick, and was claimed. */
export interface ScheduleDispatch extends ScheduleDue {
  /** `<schedule id>:<due>`. Of this occurrence: nobody else has it. */
  readonly claimKey: string;
  readonly tickMs: number;
  /** The event that told of it. */
  readonly eventId: string;
  /** Absent when there is no such module, or nothing happened to it. */
  readonly supervisorSignal?: SupervisorSignal;
  readonly runtimeInjection?: ScheduleInjection;
  /** Why there is no message for a member, or why it did not arrive. */
  readonly runtimeInjectionError?: string;
}

/** What a tick brought about. */
export interface ScheduleDispatchReport {
  readonly tickMs: number;
  readonly dueCount: number;
  /** In the order in which they are to happen. */
  readonly dispatched: readonly ScheduleDispatch[];
  /** Due, and claimed before. */
  readonly skippedClaims: readonly string[];
}

/** `details.reason` of `MOB_SCHEDULE_INVALID`; `details.scheduleId` is whose schedule it is about, where it is one's. */
export type ScheduleProblem =
  | 'empty_schedule_id'
  | 'duplicate_schedule_id'
  | 'invalid_interval'
  | 'invalid_timezone'
  | 'empty_interval'
  | 'empty_timezone'
  | 'invalid_jitter_ms'
  | 'invalid_tick_ms';

/** Says what is due. */
export interface ScheduleEvaluator {
  /**
   * What is due at exactly this tick, of the schedules that are enabled. Remembers nothing.
   *
   * @throws MobError `MOB_SCHEDULE_INVALID` (`details.reason`: a `ScheduleProblem`), for the first schedule or the tick that is
   * none; a disabled schedule has to be one, too.
   */
  evaluate(schedules: readonly ScheduleDefinition[], tickMs: number): ScheduleEvaluation;

  /**
   * Claims what is due at a tick, each occurrence once: the last one due of each schedule, also when ticks come late. A schedule
   * never has an occurrence at or before one it had. One that is not known fires what was due in the last 30 seconds, and what
   * is older counts as had; known is what a tick has named in the last 30 days at least.
   *
   * @throws MobError as `evaluate`; nothing was claimed.
   */
  dispatch(schedules: readonly ScheduleDefinition[], tickMs: number): Promise<ScheduleDispatchReport>;
}
