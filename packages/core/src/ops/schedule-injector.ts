import type { ScheduleDue } from './schedule-evaluator.js';

/** Says what a schedule that is due has to tell a member. */
export interface ScheduleInjector {
  /**
   * Asked once for each claim of a tick, one at a time. Undefined: nobody is told anything.
   *
   * @throws whatever keeps it from answering: the claim stands, its report names the error, and nobody is asked again.
   */
  injectionFor(claim: ScheduleClaim): Promise<ScheduleMessage | undefined>;
}

/** A schedule at one tick, and the key under which it happens once. */
export interface ScheduleClaim extends ScheduleDue {
  readonly claimKey: string;
  readonly tickMs: number;
}

/** What a schedule has a member told. */
export interface ScheduleMessage {
  readonly memberId: string;
  readonly message: string;
}
