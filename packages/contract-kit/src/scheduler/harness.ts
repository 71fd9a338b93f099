import type { Clock, Storage } from '@mobkit/core';
import type { ScheduleFunction, Scheduler } from '@mobkit/core/ops';

/** How the kit gets schedulers to test. */
export interface SchedulerHarness {
  /** Shown in the test report. */
  readonly name: string;

  /** Opens a storage that holds nothing. Called before every test; closed after it. */
  open(): Promise<{ readonly storage: Storage; close(): Promise<void> }>;

  /** Makes a scheduler. Called again over the same storage for another process. */
  scheduler(parts: SchedulerParts): Promise<Scheduler>;
}

/** What a scheduler under test is made from. It must use nothing else that outlives it. */
export interface SchedulerParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly functions: Readonly<Record<string, ScheduleFunction>>;
  /** After so long without life, what a process has begun is begun again. */
  readonly leaseMs: number;
  /** For so long a schedule that is over is kept, with its occurrences. */
  readonly retentionMs: number;
}
