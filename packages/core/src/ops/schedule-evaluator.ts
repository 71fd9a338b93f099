/** When something is to happen. */
export interface ScheduleDefinition {
  readonly scheduleId: string;
  readonly interval: string;
  readonly timezone: string;
  /** @defaultValue true */
  readonly enabled?: boolean;
  /** @defaultValue 0 */
  readonly jitterMs?: number;
  /** @defaultValue false */
  readonly catchUp?: boolean;
}

/** A message that a schedule gives to a member. */
export interface ScheduleInjection {
  readonly memberId: string;
  readonly message: string;
  /** What became of it is told by an event whose id begins with this. */
  readonly injectionEventId: string;
}

/** A schedule that was due at a tick, and was claimed. */
export interface ScheduleDispatch {
  /** Of this occurrence: nobody else has it. */
  readonly claimKey: string;
  readonly scheduleId: string;
  readonly interval: string;
  readonly timezone: string;
  readonly dueTickMs: number;
  readonly tickMs: number;
  /** The event that told of it. */
  readonly eventId: string;
  readonly runtimeInjection?: ScheduleInjection;
  /** Why its message did not reach the member. */
  readonly runtimeInjectionError?: string;
}

export interface ScheduleDispatchReport {
  readonly tickMs: number;
  readonly dueCount: number;
  /** In the order in which they are to happen. */
  readonly dispatched: readonly ScheduleDispatch[];
  /** Due, and claimed before. */
  readonly skippedClaims: readonly string[];
}

/** Says what is due. */
export interface ScheduleEvaluator {
  /**
   * Claims what is due at a tick, each occurrence once.
   *
   * @throws MobError `MOB_SCHEDULE_INVALID` for a schedule or a tick that is none; nothing was claimed.
   */
  dispatch(schedules: readonly ScheduleDefinition[], tickMs: number): Promise<ScheduleDispatchReport>;
}
