import { type Clock, isMobError, type RecordStore, type StoredRecord } from '@mobkit/core';
import type { MissingTargetPolicy, Schedule, ScheduleOccurrence } from '@mobkit/core/ops';

import type { HeldOccurrence } from './held-lease.js';
import { isAwaited } from './next-turn.js';
import { happen, type Happening, isOver } from './occurrence.js';
import { MOST_ATTEMPTS } from './occurrence-runner.js';
import { occurrenceRecord, readOccurrence, readSchedule } from './schedule-records.js';

export interface TakeUpDeps {
  readonly schedules: RecordStore;
  readonly occurrences: RecordStore;
  readonly owner: string;
  readonly leaseMs: number;
  readonly clock: Clock;
  /** Whether this process has it in its hands, and was only late to say so. */
  readonly keeps: (occurrenceId: string, version: number) => boolean;
  readonly begin: (held: HeldOccurrence) => void;
  readonly tell: (occurrence: ScheduleOccurrence) => void;
  /** Called when one is over that the next one of its schedule may wait for. */
  readonly onOver: (scheduleId: string) => Promise<void>;
  readonly onBroken: (occurrenceId: string, error: unknown) => void;
}

/**
 * Takes up occurrences that are to be tried again, and those whose holder has died or let go of them. However late that is: it was
 * in time when it was begun.
 */
export async function takeUp(deps: TakeUpDeps, records: readonly StoredRecord[]): Promise<void> {
  await Promise.all(
    records.map(async (record) => {
      try {
        await takeUpOne(deps, record);
      } catch (error) {
        // Its holder lives, and was only late.
        if (!isMobError(error, 'MOB_CONFLICT')) deps.onBroken(record.key, error);
      }
    }),
  );
}

async function takeUpOne(deps: TakeUpDeps, record: StoredRecord): Promise<void> {
  const { occurrences, owner, leaseMs, clock } = deps;
  if (deps.keeps(record.key, record.version)) return;
  const before = readOccurrence(record);
  const kept = await deps.schedules.get(before.scheduleId);
  const schedule = kept && readSchedule(kept);
  const atMs = clock.now();
  const expired = { phase: before.phase, stage: 'lease_expired', atMs } as const;
  const found = before.claimedBy === undefined ? before : happen(before, expired, before.claimedBy);
  const after = happen(found, whatNext(found, schedule, atMs), owner);
  const over = isOver(after.phase);
  const version = await occurrences.put(
    record.key,
    occurrenceRecord(after, over ? undefined : atMs + leaseMs),
    { expectedVersion: record.version },
  );
  const missingTarget: MissingTargetPolicy = schedule?.missingTarget ?? 'mark_misfired';
  const awaited = schedule !== undefined && isAwaited(schedule);
  if (!over) return deps.begin({ occurrence: after, version, missingTarget, isAwaited: awaited });
  deps.tell(after);
  if (awaited) await deps.onOver(before.scheduleId);
}

function whatNext(
  { runId, scheduleRevision, attempts, phase }: ScheduleOccurrence,
  schedule: Schedule | undefined,
  atMs: number,
): Happening {
  if (runId !== undefined) return { phase: 'awaiting_completion', atMs, runId };
  if (schedule?.revision !== scheduleRevision) {
    return { phase: 'superseded', atMs, detail: 'Its schedule has changed since it was due' };
  }
  if (attempts < MOST_ATTEMPTS) return { phase: 'dispatching', atMs };
  const error = `It was begun ${attempts} times${phase === 'dispatching' ? ', and whoever began it died' : ''}`;
  return { phase: 'delivery_failed', atMs, failure: { class: 'lease_lost', error } };
}

/** Frees what an earlier process held. Only where no other process can: else the leases say who lives. */
export async function freeAll({
  occurrences,
  clock,
}: Pick<TakeUpDeps, 'occurrences' | 'clock'>): Promise<void> {
  for (let afterKey: string | undefined, more = true; more;) {
    const page = await occurrences.list({ where: { live: 1 }, ...(afterKey !== undefined && { afterKey }) });
    for (const { key, fields, data, version, dueAtMs } of page.records) {
      const nowMs = clock.now();
      if (dueAtMs === undefined || dueAtMs <= nowMs || fields['phase'] === 'retrying') continue;
      await occurrences.put(key, { fields, data, dueAtMs: nowMs }, { expectedVersion: version });
    }
    ({ more } = page);
    afterKey = page.records.at(-1)?.key;
  }
}
