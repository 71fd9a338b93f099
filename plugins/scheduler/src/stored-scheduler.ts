import { randomUUID } from 'node:crypto';

import { type Clock, errorText, MobError } from '@mobkit/core';
import type {
  NewSchedule,
  OccurrenceQuery,
  RevisionOptions,
  ScheduleChange,
  ScheduleDefinition,
  ScheduleDispatchReport,
  ScheduleEvaluation,
  ScheduleQuery,
  Scheduler,
  ServiceHost,
} from '@mobkit/core/ops';

import { checkSchedule } from './durable/check-schedule.js';
import { declareSchedules } from './durable/declare-schedules.js';
import { ScheduleBook } from './durable/schedule-book.js';
import { FiringHost } from './durable/firing-host.js';
import type { ScheduleTables } from './schedule-tables.js';
import type { SchedulerOptions } from './scheduler-options.js';
import { dispatchTick } from './tick/dispatch-tick.js';
import { evaluateSchedules } from './tick/evaluate.js';
import { TickClaims } from './tick/tick-claims.js';

const LEASE_MS = 30_000;
const SHORTEST_LEASE_MS = 1_000;
const RETENTION_MS = 30 * 86_400_000;
/** A tick that does not know a schedule fires what was due up to 30 seconds before: what it fired has to be known for longer. */
const SHORTEST_RETENTION_MS = 60_000;

interface StoredSchedulerOptions extends SchedulerOptions {
  readonly clock: Clock;
  readonly tables: ScheduleTables;
}

/** Schedules over a `Storage`. */
export class StoredScheduler implements Scheduler {
  readonly #options: StoredSchedulerOptions;
  readonly #leaseMs: number;
  readonly #retentionMs: number;
  #parts: { readonly book: ScheduleBook; readonly claims: TickClaims } | undefined;
  #host: ServiceHost | undefined;
  #firing: FiringHost | undefined;
  #stopped = false;

  constructor(options: StoredSchedulerOptions) {
    const { leaseMs = LEASE_MS, retentionMs = RETENTION_MS, declared = [] } = options;
    if (!Number.isSafeInteger(leaseMs) || leaseMs < SHORTEST_LEASE_MS) {
      throw new TypeError(`leaseMs is not a whole number from ${SHORTEST_LEASE_MS}: ${leaseMs}`);
    }
    if (!Number.isSafeInteger(retentionMs) || retentionMs < SHORTEST_RETENTION_MS) {
      throw new TypeError(`retentionMs is not a whole number from ${SHORTEST_RETENTION_MS}: ${retentionMs}`);
    }
    for (const schedule of declared) checkSchedule(schedule);
    this.#options = options;
    this.#leaseMs = leaseMs;
    this.#retentionMs = retentionMs;
  }

  evaluate(schedules: readonly ScheduleDefinition[], tickMs: number): ScheduleEvaluation {
    return evaluateSchedules(schedules, tickMs);
  }

  async dispatch(schedules: readonly ScheduleDefinition[], tickMs: number): Promise<ScheduleDispatchReport> {
    this.#expectOpen();
    const { claims } = this.#open();
    const injector = this.#options.injector?.();
    return dispatchTick({ claims, host: this.#host, injector }, schedules, tickMs);
  }

  async create(schedule: NewSchedule) {
    return this.#changing().create(schedule);
  }

  async update(scheduleId: string, change: ScheduleChange, options?: RevisionOptions) {
    return this.#changing().update(scheduleId, change, options);
  }

  async pause(scheduleId: string, options?: RevisionOptions) {
    return this.#changing().pause(scheduleId, options);
  }

  async resume(scheduleId: string, options?: RevisionOptions) {
    return this.#changing().resume(scheduleId, options);
  }

  async delete(scheduleId: string, options?: RevisionOptions) {
    return this.#changing().delete(scheduleId, options);
  }

  async get(scheduleId: string) {
    return this.#open().book.get(scheduleId);
  }

  async list(query?: ScheduleQuery) {
    return this.#open().book.list(query);
  }

  async occurrences(scheduleId: string, query?: OccurrenceQuery) {
    return this.#open().book.occurrences(scheduleId, query);
  }

  async start(host: ServiceHost): Promise<void> {
    const { storage, tables, functions = {}, clock, declared } = this.#options;
    this.#host = host;
    const { book } = this.#open();
    if (declared) await declareSchedules(book, declared);
    this.#firing = new FiringHost({
      storage,
      tables,
      owner: `${process.pid}-${randomUUID().slice(0, 8)}`,
      leaseMs: this.#leaseMs,
      retentionMs: this.#retentionMs,
      declared: new Set(declared?.map(({ scheduleId }) => scheduleId)),
      clock,
      targets: { mob: host.mob, modules: host.modules, functions },
      tell: host.tell,
      onError: (error) => host.onError({ category: 'store_failure', error: errorText(error) }),
      onBroken: (key, error) =>
        host.onError({ category: 'store_failure', error: `Schedule ${key}: ${errorText(error)}` }),
    });
    if (!this.#stopped) await this.#firing.start();
  }

  async stop({ deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    this.#stopped = true;
    await this.#firing?.stop(deadlineMs);
  }

  #changing(): ScheduleBook {
    this.#expectOpen();
    return this.#open().book;
  }

  #expectOpen(): void {
    if (this.#stopped) throw new MobError('MOB_SHUTTING_DOWN', 'The scheduler is shutting down');
  }

  /** At the first use, as the records have to be prepared before. */
  #open() {
    const { storage, tables, clock } = this.#options;
    this.#parts ??= {
      book: new ScheduleBook({
        schedules: storage.records(tables.schedules),
        occurrences: storage.records(tables.occurrences),
        clock,
        onChange: () => this.#firing?.wake(),
      }),
      claims: new TickClaims({
        ticks: storage.records(tables.ticks),
        clock,
        retentionMs: this.#retentionMs,
      }),
    };
    return this.#parts;
  }
}
