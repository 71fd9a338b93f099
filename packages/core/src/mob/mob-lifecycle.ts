/**
 * The life of a mob. Each command throws `MOB_INVALID_TRANSITION` (`details.state`) before any other check when the mob is not
 * in a state it starts from.
 */
export interface MobLifecycle {
  /**
   * Running to Stopped, which outlives the process: members end the turn they are in by its interruption, sessions, ledger and
   * waiting messages stay. Only reads, `retire` and the lifecycle go on.
   *
   * @throws MobError `MOB_RUN_ACTIVE` (`details.runs`) while a flow runs; the mob stays Running.
   */
  stop(): Promise<void>;

  /** Stopped to Running: autonomous members work on what waits, without a new kickoff. Back to Stopped when it fails. */
  resume(): Promise<void>;

  /** Running to Completed: cancels runs, retires everybody, then says `mob_completed`. */
  complete(): Promise<void>;

  /**
   * Running, Stopped or Completed to Running with an empty roster: cancels runs, retires everybody, then says `mob_created`
   * and `mob_reset` in one append. Cursors go on, nothing is deleted. A member that cannot be retired stops it before that,
   * and it may be called again; when the append fails the mob is Stopped, a Completed one still Completed.
   */
  reset(): Promise<void>;

  /**
   * Running, Stopped or Completed to Destroyed, the end: cancels runs, retires everybody, removes sessions, messages and runs
   * from the storage and prunes the ledger, whose cursors go on if a mob of this id is ever created again.
   *
   * @throws MobError `MOB_DESTROY_INCOMPLETE` (`details.report`), retryable: what is left is removed by calling it again, or by
   * the next `MobEngine.open`.
   */
  destroy(): Promise<DestroyReport>;
}

/** What of a mob is gone, and what could not be removed; `errors` is empty when nothing is left. */
export interface DestroyReport {
  /** Members that could not be retired in good order and were removed all the same, sorted. */
  readonly forceDestroyedMembers: readonly string[];
  readonly eventsCleared: boolean;
  readonly sessionsCleared: boolean;
  readonly errors: readonly string[];
}
