import type { ScheduleTarget } from './schedule.js';

/** One time that a schedule was due. Times are Unix times in whole milliseconds. */
export interface ScheduleOccurrence {
  /** Sorts with those of its schedule in the order in which they were due. */
  readonly occurrenceId: string;
  readonly scheduleId: string;
  /** What the schedule was when it was due. */
  readonly scheduleRevision: number;
  /** Counts those of its schedule, from 1. */
  readonly ordinal: number;
  readonly dueAtMs: number;
  readonly phase: OccurrencePhase;
  readonly target: ScheduleTarget;
  /**
   * `schedule:<schedule id>:occurrence:<occurrence id>:<dueAtMs>`: the same at every attempt. Members get it as the interaction
   * id of their message, functions as an argument.
   */
  readonly idempotencyKey: string;
  /** How often it was begun; 0 for one that never was. */
  readonly attempts: number;
  /** Who works on it; absent when nobody does. */
  readonly claimedBy?: string;
  readonly failure?: OccurrenceFailure;
  /** What happened to it, the oldest first; of more than 16 the first and the newest. */
  readonly receipts: readonly OccurrenceReceipt[];
  /** The run of the flow that it started. */
  readonly runId?: string;
  readonly createdAtMs: number;
  readonly completedAtMs?: number;
}

/**
 * `dispatching`: begun, and kept as such before anything was done. `awaiting_completion`: its flow runs. `retrying`: it failed in
 * a way that may pass, or whoever worked on it died. The others are for ever: `skipped` (one before it was not over, or its
 * target was missing), `misfired` (nobody was there for it, or its target was missing), `superseded` (its schedule changed before
 * it could be tried again).
 */
export type OccurrencePhase =
  | 'dispatching'
  | 'awaiting_completion'
  | 'retrying'
  | 'completed'
  | 'skipped'
  | 'misfired'
  | 'superseded'
  | 'delivery_failed';

/** Why an occurrence failed: its class is stable, its text is for people. */
export interface OccurrenceFailure {
  readonly class: OccurrenceFailureClass;
  readonly error: string;
}

/** What kind of failure ended an occurrence, stable and spelt as on the wire. */
export type OccurrenceFailureClass =
  | 'target_missing'
  | 'target_busy'
  | 'overdue'
  | 'lease_lost'
  | 'mob_rejected'
  | 'flow_failed'
  | 'module_failed'
  | 'function_failed'
  | 'timeout';

/** A step of an occurrence that was written down. `atMs` is Unix time, `attempt` counts from 1. */
export interface OccurrenceReceipt {
  readonly stage: OccurrencePhase | 'lease_expired' | 'released';
  readonly atMs: number;
  readonly attempt: number;
  readonly detail?: string;
}
