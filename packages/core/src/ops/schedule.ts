import type { JsonValue } from '../json-value.js';

/** Something that is to happen, once or again and again. Times are Unix times in whole milliseconds. */
export interface Schedule {
  /** At most 150 characters. */
  readonly scheduleId: string;
  readonly phase: SchedulePhase;
  /** From 1; raised by every change. */
  readonly revision: number;
  readonly name?: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly trigger: ScheduleTrigger;
  readonly target: ScheduleTarget;
  readonly misfire: MisfirePolicy;
  readonly overlap: OverlapPolicy;
  readonly missingTarget: MissingTargetPolicy;
  /** When it is due next; absent when it is not going to be. */
  readonly nextDueAtMs?: number;
  /** What was due last, whatever became of it: nothing at or before it ever is again. */
  readonly lastDueAtMs?: number;
  /** How many occurrences it has had. */
  readonly occurrences: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly deletedAtMs?: number;
}

/** `completed`: nothing is due any more. `deleted` is kept, for what it did. */
export type SchedulePhase = 'active' | 'paused' | 'completed' | 'deleted';

/** When something is due. Times are Unix milliseconds. */
export type ScheduleTrigger =
  | { readonly type: 'once'; readonly dueAtMs: number }
  | {
      /** Every so often, counted from `startAtMs`. */
      readonly type: 'interval';
      readonly startAtMs: number;
      /** From 1000. */
      readonly everyMs: number;
      /** Nothing is due after it. */
      readonly endAtMs?: number;
    }
  | {
      /** At readings of the clock. */
      readonly type: 'cron';
      /** As `ScheduleDefinition.interval`: markers are taken, too. */
      readonly expression: string;
      /** As `ScheduleDefinition.timezone`. @defaultValue `UTC` */
      readonly timezone?: string;
      /** As `ScheduleDefinition.jitterMs`. */
      readonly jitterMs?: number;
    };

/** What is done when it is due. */
export type ScheduleTarget =
  /** Over when the message is kept for the member. */
  | { readonly kind: 'member'; readonly memberId: string; readonly message: string }
  /** Over when the run of the flow is. */
  | { readonly kind: 'flow'; readonly flowId: string; readonly params?: JsonValue }
  /** Over when the module has answered. */
  | {
      readonly kind: 'module';
      readonly moduleId: string;
      readonly method: string;
      readonly params?: JsonValue;
    }
  /** Over when what the host gave under that name has resolved. */
  | { readonly kind: 'function'; readonly name: string; readonly params?: JsonValue };

/**
 * What becomes of occurrences that nobody was there for. One that was begun is another matter: it is tried again whenever
 * somebody is there.
 */
export type MisfirePolicy =
  /** Each is misfired that is overdue by more than the grace. @defaultValue of the grace 30_000 */
  | { readonly type: 'skip'; readonly graceMs?: number }
  /** The last one happens, however late; those before it are misfired. */
  | { readonly type: 'one' }
  /**
   * Every one happens that is overdue by at most the window, in order, of more than 256 the latest 256. With `skip_if_running` they
   * happen one after another, each when the one before it is over, and are misfired when the window ends before their turn
   * comes; one that is due now is skipped while another one runs, as ever.
   */
  | { readonly type: 'all'; readonly windowMs: number };

/** Whether an occurrence happens while one before it is not over. What is made up for by `all` waits instead of being skipped. */
export type OverlapPolicy = 'skip_if_running' | 'allow';

/** What an occurrence is that finds its member, flow, module or function missing. */
export type MissingTargetPolicy = 'mark_misfired' | 'skip';

/** A schedule to create. */
export interface NewSchedule {
  readonly scheduleId: string;
  readonly name?: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly trigger: ScheduleTrigger;
  readonly target: ScheduleTarget;
  /** @defaultValue `{ type: 'skip' }` */
  readonly misfire?: MisfirePolicy;
  /** @defaultValue `skip_if_running` */
  readonly overlap?: OverlapPolicy;
  /** @defaultValue `mark_misfired` */
  readonly missingTarget?: MissingTargetPolicy;
}

/** What to change of a schedule; what is absent stays. */
export type ScheduleChange = Partial<Omit<NewSchedule, 'scheduleId'>>;
