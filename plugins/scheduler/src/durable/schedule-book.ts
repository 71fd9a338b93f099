import { type Clock, isMobError, MobError, type RecordStore } from '@mobkit/core';
import type {
  NewSchedule,
  OccurrenceQuery,
  RevisionOptions,
  Schedule,
  ScheduleChange,
  ScheduleOccurrence,
  SchedulePage,
  SchedulePhase,
  ScheduleQuery,
} from '@mobkit/core/ops';

import { checkChange, checkSchedule } from './check-schedule.js';
import { OCCURRENCES_KEPT } from './occurrence.js';
import { readOccurrence, readSchedule, scheduleRecord } from './schedule-records.js';
import { triggerTimes } from './trigger-times.js';

export interface ScheduleBookDeps {
  readonly schedules: RecordStore;
  readonly occurrences: RecordStore;
  readonly clock: Clock;
  /** Called after a schedule may have become due earlier. */
  readonly onChange: () => void;
}

/** Whoever fires a schedule at the same moment moves it on: then it is read again. */
const MOST_TRIES = 64;

const PAGE = 100;

const SHOWN: readonly SchedulePhase[] = ['active', 'paused', 'completed'];

/** Keeps schedules; what fires them reads the same records. */
export class ScheduleBook {
  readonly #deps: ScheduleBookDeps;

  constructor(deps: ScheduleBookDeps) {
    this.#deps = deps;
  }

  async create(given: NewSchedule): Promise<Schedule> {
    checkSchedule(given);
    const nowMs = this.#deps.clock.now();
    const record = await this.#deps.schedules.get(given.scheduleId);
    const before = record && readSchedule(record);
    if (before && before.phase !== 'deleted') throw taken(given.scheduleId);
    const schedule = begin(given, before, nowMs);
    try {
      await this.#put(schedule, record?.version ?? 0);
    } catch (error) {
      throw isMobError(error, 'MOB_CONFLICT') ? taken(given.scheduleId) : error;
    }
    return schedule;
  }

  update(scheduleId: string, change: ScheduleChange, options?: RevisionOptions): Promise<Schedule> {
    checkChange(scheduleId, change);
    return this.#change(scheduleId, options, (before, nowMs) => changedBy(change, before, nowMs));
  }

  /** As `update`, but for what is left out: it is gone, or as it was when there is no doing without. */
  replace({ scheduleId, ...change }: NewSchedule): Promise<Schedule> {
    checkChange(scheduleId, change);
    return this.#change(scheduleId, {}, (before, nowMs) => {
      const { name: _, description: _description, labels: _labels, ...rest } = before;
      return changedBy(change, rest, nowMs);
    });
  }

  pause(scheduleId: string, options?: RevisionOptions): Promise<Schedule> {
    return this.#change(scheduleId, options, (before) => {
      const { nextDueAtMs: _, ...rest } = before;
      return { ...rest, phase: 'paused' };
    });
  }

  resume(scheduleId: string, options?: RevisionOptions): Promise<Schedule> {
    return this.#change(scheduleId, options, (before, nowMs) => {
      if (before.phase !== 'paused') return before;
      return dueAfter(before, nowMs - 1);
    });
  }

  delete(scheduleId: string, options?: RevisionOptions): Promise<Schedule> {
    return this.#change(scheduleId, options, (before, nowMs) => {
      const { nextDueAtMs: _, ...rest } = before;
      return { ...rest, phase: 'deleted', deletedAtMs: nowMs };
    });
  }

  async get(scheduleId: string): Promise<Schedule | undefined> {
    const record = await this.#deps.schedules.get(scheduleId);
    return record && readSchedule(record);
  }

  async list({ phase, afterScheduleId, limit = PAGE }: ScheduleQuery = {}): Promise<SchedulePage> {
    const { records, more } = await this.#deps.schedules.list({
      where: { phase: phase ?? SHOWN },
      limit,
      ...(afterScheduleId !== undefined && { afterKey: afterScheduleId }),
    });
    return { schedules: records.map(readSchedule), more };
  }

  async occurrences(
    scheduleId: string,
    { phase, limit = OCCURRENCES_KEPT }: OccurrenceQuery = {},
  ): Promise<readonly ScheduleOccurrence[]> {
    const { records } = await this.#deps.occurrences.list({
      where: { schedule_id: scheduleId, ...(phase && { phase }) },
      limit: OCCURRENCES_KEPT,
    });
    return records.map(readOccurrence).toReversed().slice(0, limit);
  }

  async #change(
    scheduleId: string,
    { expectedRevision }: RevisionOptions = {},
    change: (before: Schedule, nowMs: number) => Schedule,
  ): Promise<Schedule> {
    for (let tries = 1; ; tries += 1) {
      const record = await this.#deps.schedules.get(scheduleId);
      const before = record && readSchedule(record);
      if (!before || before.phase === 'deleted') throw notFound(scheduleId);
      const { revision } = before;
      if (expectedRevision !== undefined && expectedRevision !== revision) {
        throw changedMeanwhile(scheduleId, expectedRevision, revision);
      }
      const nowMs = this.#deps.clock.now();
      const after = change(before, nowMs);
      if (same(after, before)) return before;
      const schedule = { ...after, revision: revision + 1, updatedAtMs: nowMs };
      try {
        await this.#put(schedule, record.version);
        return schedule;
      } catch (error) {
        if (!isMobError(error, 'MOB_CONFLICT') || tries === MOST_TRIES) throw error;
      }
    }
  }

  async #put(schedule: Schedule, expectedVersion: number): Promise<void> {
    await this.#deps.schedules.put(schedule.scheduleId, scheduleRecord(schedule), { expectedVersion });
    this.#deps.onChange();
  }
}

/** A `once` may be over already: its misfire policy judges it. */
function begin(given: NewSchedule, before: Schedule | undefined, nowMs: number): Schedule {
  const { trigger } = given;
  const schedule: Schedule = {
    misfire: { type: 'skip' },
    overlap: 'skip_if_running',
    missingTarget: 'mark_misfired',
    ...defined(given),
    scheduleId: given.scheduleId,
    trigger,
    target: given.target,
    phase: 'active',
    revision: (before?.revision ?? 0) + 1,
    occurrences: before?.occurrences ?? 0,
    ...(before?.lastDueAtMs !== undefined && { lastDueAtMs: before.lastDueAtMs }),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  return dueAfter(schedule, trigger.type === 'once' ? -1 : nowMs - 1);
}

function changedBy(change: ScheduleChange, before: Schedule, nowMs: number): Schedule {
  const changed = { ...before, ...defined(change) };
  const { trigger = before.trigger } = change;
  if (before.phase === 'paused' || same(trigger, before.trigger)) return changed;
  return dueAfter(changed, nowMs - 1);
}

/** Due after a moment by the trigger it has, and never again at what it was due at before. */
function dueAfter(before: Schedule, afterMs: number): Schedule {
  const { nextDueAtMs: _, ...schedule } = before;
  const { trigger, scheduleId, lastDueAtMs = -1 } = schedule;
  const nextDueAtMs = triggerTimes(trigger, scheduleId).nextAfter(Math.max(afterMs, lastDueAtMs));
  if (nextDueAtMs === undefined) return { ...schedule, phase: 'completed' };
  return { ...schedule, phase: 'active', nextDueAtMs };
}

function defined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** The order in which fields were written means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([key, within]) => [key, sorted(within)]);
}

function taken(scheduleId: string): MobError {
  return new MobError('MOB_CONFLICT', `There is a schedule "${scheduleId}" already`, {
    details: { scheduleId },
  });
}

function notFound(scheduleId: string): MobError {
  return new MobError('MOB_SCHEDULE_NOT_FOUND', `There is no schedule "${scheduleId}"`, {
    details: { scheduleId },
  });
}

function changedMeanwhile(scheduleId: string, expected: number, revision: number): MobError {
  const message = `Schedule "${scheduleId}" is at revision ${revision}, not ${expected}`;
  return new MobError('MOB_CONFLICT', message, { details: { scheduleId, revision } });
}
