import type {
  OccurrenceFailure,
  OccurrencePhase,
  OccurrenceReceipt,
  Schedule,
  ScheduleOccurrence,
} from '@mobkit/core/ops';

import { occurrenceId } from './schedule-records.js';

/** Of each schedule; with a new one the oldest goes. */
export const OCCURRENCES_KEPT = 64;

const RECEIPTS_KEPT = 16;

const LONGEST_DETAIL = 1_000;

/** What happened to an occurrence. */
export interface Happening {
  readonly phase: OccurrencePhase;
  readonly atMs: number;
  /** What it is recorded as. @defaultValue the phase */
  readonly stage?: OccurrenceReceipt['stage'];
  readonly failure?: OccurrenceFailure;
  readonly detail?: string;
  readonly runId?: string;
}

/** The occurrence of a schedule that has been due since its `nextDueAtMs`. */
export function newOccurrence(schedule: Schedule, happening: Happening): ScheduleOccurrence {
  const { scheduleId, revision, target, nextDueAtMs = happening.atMs } = schedule;
  const ordinal = schedule.occurrences + 1;
  const id = occurrenceId(scheduleId, ordinal);
  const empty: ScheduleOccurrence = {
    occurrenceId: id,
    scheduleId,
    scheduleRevision: revision,
    ordinal,
    dueAtMs: nextDueAtMs,
    phase: happening.phase,
    target,
    // With its time: when a schedule is forgotten, another one of its name counts from 1 again.
    idempotencyKey: `schedule:${scheduleId}:occurrence:${id}:${nextDueAtMs}`,
    attempts: 0,
    receipts: [],
    createdAtMs: happening.atMs,
  };
  return happen(empty, happening);
}

/** `dispatching` counts as another attempt; whatever is over belongs to nobody. */
export function happen(before: ScheduleOccurrence, happening: Happening, owner?: string): ScheduleOccurrence {
  const { phase, atMs, stage = phase, failure, detail = failure?.error, runId } = happening;
  const { claimedBy: _, failure: __, ...kept } = before;
  const attempts = before.attempts + (stage === 'dispatching' ? 1 : 0);
  const receipt: OccurrenceReceipt = {
    stage,
    atMs,
    attempt: attempts,
    ...(detail !== undefined && { detail: shortened(detail) }),
  };
  return {
    ...kept,
    phase,
    attempts,
    ...(owner !== undefined && !isOver(phase) && { claimedBy: owner }),
    ...(failure && { failure: { ...failure, error: shortened(failure.error) } }),
    ...(runId !== undefined && { runId }),
    receipts: withReceipt(before.receipts, receipt),
    ...(isOver(phase) && { completedAtMs: atMs }),
  };
}

export function isOver(phase: OccurrencePhase): boolean {
  return phase !== 'dispatching' && phase !== 'awaiting_completion' && phase !== 'retrying';
}

function withReceipt(
  receipts: readonly OccurrenceReceipt[],
  receipt: OccurrenceReceipt,
): readonly OccurrenceReceipt[] {
  if (receipts.length < RECEIPTS_KEPT) return [...receipts, receipt];
  return [...receipts.slice(0, 1), ...receipts.slice(2), receipt];
}

function shortened(text: string): string {
  return text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL - 1)}…` : text;
}
