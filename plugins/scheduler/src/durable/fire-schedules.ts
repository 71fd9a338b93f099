import {
  type Clock,
  isMobError,
  type RecordStore,
  type Storage,
  type StorageWrite,
  type StoredRecord,
} from '@mobkit/core';
import type { Schedule, ScheduleOccurrence } from '@mobkit/core/ops';

import type { ScheduleTables } from '../schedule-tables.js';
import type { HeldOccurrence } from './held-lease.js';
import { isAwaited } from './next-turn.js';
import { isOver, newOccurrence, OCCURRENCES_KEPT } from './occurrence.js';
import { comesLate, type OccurrencePlan, planOccurrence } from './plan-occurrence.js';
import { occurrenceId, occurrenceRecord, readSchedule, scheduleRecord } from './schedule-records.js';
import { triggerTimes } from './trigger-times.js';

export interface FireDeps {
  readonly storage: Pick<Storage, 'commit'>;
  readonly tables: ScheduleTables;
  readonly occurrences: RecordStore;
  readonly owner: string;
  readonly leaseMs: number;
  readonly clock: Clock;
  /** Given what was kept as begun. */
  readonly begin: (held: HeldOccurrence) => void;
  /** Told of every occurrence that is over at once. */
  readonly tell: (occurrence: ScheduleOccurrence) => void;
  /** Told of a schedule that cannot be read; it is looked at again when its lease is over. */
  readonly onBroken: (scheduleId: string, error: unknown) => void;
}

/**
 * Takes schedules that are due and were claimed: each is moved on and its occurrence kept, begun or not, in one commit. Only then
 * anything happens.
 */
export async function fireSchedules(deps: FireDeps, records: readonly StoredRecord[]): Promise<void> {
  const planned = records.flatMap((record) => planRecord(deps, record));
  const busy = await busySchedules(deps, planned);
  const firings = planned.map((one) => {
    const isBusy = busy.has(one.schedule.scheduleId);
    return isBusy && waitsItsTurn(one) ? waitingOf(deps, one) : firingOf(deps, one, isBusy);
  });
  await commit(deps, firings);
}

interface Planned {
  readonly record: StoredRecord;
  readonly schedule: Schedule;
  readonly plan: OccurrencePlan;
  readonly nowMs: number;
}

interface Firing {
  readonly schedule: Schedule;
  /** Absent when it waits for the one before it. */
  readonly occurrence?: ScheduleOccurrence;
  readonly write: Required<Pick<StorageWrite, 'puts' | 'deletes'>>;
}

function planRecord({ clock, onBroken }: FireDeps, record: StoredRecord): readonly Planned[] {
  try {
    const schedule = readSchedule(record);
    const { scheduleId, trigger, misfire, nextDueAtMs } = schedule;
    const nowMs = clock.now();
    const dueAtMs = nextDueAtMs ?? nowMs;
    const times = triggerTimes(trigger, scheduleId);
    return [{ record, schedule, plan: planOccurrence(misfire, times, dueAtMs, nowMs), nowMs }];
  } catch (error) {
    onBroken(record.key, error);
    return [];
  }
}

/** Those with an occurrence that is not over, of those that may have one at a time. */
async function busySchedules(
  { occurrences }: FireDeps,
  planned: readonly Planned[],
): Promise<ReadonlySet<string>> {
  const asked = planned.filter((one) => one.plan.happens && one.schedule.overlap === 'skip_if_running');
  if (asked.length === 0) return new Set();
  const ids = asked.map(({ schedule }) => schedule.scheduleId);
  const busy = new Set<string>();
  for (let afterKey: string | undefined, more = true; more;) {
    const page = await occurrences.list({
      where: { schedule_id: ids, live: 1 },
      ...(afterKey !== undefined && { afterKey }),
    });
    for (const { fields } of page.records) busy.add(String(fields['schedule_id']));
    ({ more } = page);
    afterKey = page.records.at(-1)?.key;
  }
  return busy;
}

/** What nobody was there for is made up for one after another; what is due now is skipped while another one runs. */
function waitsItsTurn({ schedule: { misfire, nextDueAtMs }, nowMs }: Planned): boolean {
  return misfire.type === 'all' && nextDueAtMs !== undefined && comesLate(nextDueAtMs, nowMs);
}

/** Looked at again when the one before it is over, or as late as its lease would end if its holder died. */
function waitingOf({ tables, leaseMs }: FireDeps, { record, schedule, nowMs }: Planned): Firing {
  const put = {
    records: tables.schedules,
    key: record.key,
    record: { ...scheduleRecord(schedule), dueAtMs: nowMs + leaseMs },
    expectedVersion: record.version,
  };
  return { schedule, write: { puts: [put], deletes: [] } };
}

function firingOf(deps: FireDeps, { record, schedule, plan, nowMs }: Planned, busy: boolean): Firing {
  const occurrence = occurrenceOf(deps, schedule, { plan, nowMs, busy });
  const { nextDueAtMs: dueAtMs, ...rest } = schedule;
  const { nextDueAtMs } = plan;
  const moved: Schedule = {
    ...rest,
    phase: nextDueAtMs === undefined ? 'completed' : 'active',
    ...(nextDueAtMs !== undefined && { nextDueAtMs }),
    lastDueAtMs: Math.max(dueAtMs ?? nowMs, rest.lastDueAtMs ?? 0),
    occurrences: occurrence.ordinal,
  };
  const takeUpAtMs = isOver(occurrence.phase) ? undefined : nowMs + deps.leaseMs;
  const oldest = occurrence.ordinal - OCCURRENCES_KEPT;
  return {
    schedule,
    occurrence,
    write: {
      puts: [
        {
          records: deps.tables.schedules,
          key: record.key,
          record: scheduleRecord(moved),
          expectedVersion: record.version,
        },
        {
          records: deps.tables.occurrences,
          key: occurrence.occurrenceId,
          record: occurrenceRecord(occurrence, takeUpAtMs),
        },
      ],
      deletes:
        oldest > 0
          ? [{ records: deps.tables.occurrences, key: occurrenceId(schedule.scheduleId, oldest) }]
          : [],
    },
  };
}

function occurrenceOf(
  { owner }: FireDeps,
  schedule: Schedule,
  {
    plan,
    nowMs: atMs,
    busy,
  }: { readonly plan: OccurrencePlan; readonly nowMs: number; readonly busy: boolean },
): ScheduleOccurrence {
  if (!plan.happens) {
    const until = new Date(plan.missedUntilMs).toISOString();
    const error = `Nobody was there for it, nor for any other until ${until}`;
    return newOccurrence(schedule, { phase: 'misfired', atMs, failure: { class: 'overdue', error } });
  }
  if (busy) {
    const failure = { class: 'target_busy', error: 'The one before it is not over' } as const;
    return newOccurrence(schedule, { phase: 'skipped', atMs, failure });
  }
  const begun = newOccurrence(schedule, { phase: 'dispatching', atMs });
  return { ...begun, claimedBy: owner };
}

async function commit(deps: FireDeps, firings: readonly Firing[]): Promise<void> {
  if (firings.length === 0) return;
  let versions: readonly number[];
  try {
    ({ versions } = await deps.storage.commit({
      puts: firings.flatMap(({ write }) => write.puts),
      deletes: firings.flatMap(({ write }) => write.deletes),
    }));
  } catch (error) {
    if (!isMobError(error, 'MOB_CONFLICT')) throw error;
    // One of them was changed meanwhile. That one is due again, or not, as its change says.
    const [only, ...others] = firings;
    if (others.length === 0 || !only) return;
    for (const firing of firings) await commit(deps, [firing]);
    return;
  }
  let written = 0;
  for (const { schedule, occurrence, write } of firings) {
    written += write.puts.length;
    if (!occurrence) continue;
    // An occurrence is the last put of its firing.
    const version = versions[written - 1] as number;
    if (isOver(occurrence.phase)) deps.tell(occurrence);
    else
      deps.begin({
        occurrence,
        version,
        missingTarget: schedule.missingTarget,
        isAwaited: isAwaited(schedule),
      });
  }
}
