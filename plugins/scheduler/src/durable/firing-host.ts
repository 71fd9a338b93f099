import { type Clock, type Storage, within } from '@mobkit/core';
import type { ScheduleOccurrence, ServiceHost } from '@mobkit/core/ops';

import type { ScheduleTables } from '../schedule-tables.js';
import type { TargetDeps } from './call-target.js';
import { DueLoop } from './due-loop.js';
import { fireSchedules } from './fire-schedules.js';
import { pruneTicks } from '../tick/prune-ticks.js';
import { GroupedPuts } from './grouped-puts.js';
import { nextTurn } from './next-turn.js';
import { OccurrenceRunner } from './occurrence-runner.js';
import { pruneSchedules } from './prune-schedules.js';
import { Pruning } from './pruning.js';
import { freeAll, takeUp } from './take-up.js';

export interface FiringHostDeps {
  readonly storage: Storage;
  readonly tables: ScheduleTables;
  readonly owner: string;
  readonly leaseMs: number;
  readonly retentionMs: number;
  /** The ids of declared schedules. */
  readonly declared: ReadonlySet<string>;
  readonly clock: Clock;
  readonly targets: TargetDeps;
  readonly tell: ServiceHost['tell'];
  readonly onError: (error: unknown) => void;
  /** Told of a record that cannot be worked on. */
  readonly onBroken: (key: string, error: unknown) => void;
}

/** What is claimed is put within milliseconds; if its holder dies in between it is still in time for others. */
const CLAIM_MS = 10_000;

/** A store that does not answer when we stop keeps us no longer than this. */
const RELEASE_MS = 1_000;

/** Fires schedules as they become due, and takes up occurrences that others have left. */
export class FiringHost {
  readonly #deps: FiringHostDeps;
  readonly #runner: OccurrenceRunner;
  readonly #firing: DueLoop;
  readonly #takingUp: DueLoop;
  readonly #pruning: Pruning;

  constructor(deps: FiringHostDeps) {
    const { storage, tables, clock, owner, onError } = deps;
    const schedules = storage.records(tables.schedules);
    const occurrences = storage.records(tables.occurrences);
    const tell = (occurrence: ScheduleOccurrence) => tellOccurrence(deps, occurrence);
    const onOver = (scheduleId: string) =>
      nextTurn({ schedules, clock, onDue: () => this.#firing.wake() }, scheduleId);
    const runner = new OccurrenceRunner({
      ...deps,
      occurrences,
      puts: new GroupedPuts(storage, tables.occurrences),
      tell,
      onDue: () => this.#takingUp.wake(),
      onOver,
    });
    const begin = runner.begin.bind(runner);
    const keeps = runner.keeps.bind(runner);
    const common = { owner, leaseMs: CLAIM_MS, clock, room: () => runner.room(), onError };
    this.#deps = deps;
    this.#runner = runner;
    this.#firing = new DueLoop({
      ...common,
      records: schedules,
      take: (records) => fireSchedules({ ...deps, occurrences, begin, tell }, records),
    });
    this.#takingUp = new DueLoop({
      ...common,
      records: occurrences,
      take: (records) => takeUp({ ...deps, schedules, occurrences, keeps, begin, tell, onOver }, records),
    });
    const ticks = storage.records(tables.ticks);
    this.#pruning = new Pruning({
      clock,
      prune: async (signal) => {
        await pruneSchedules(deps, signal);
        await pruneTicks({ ...deps, ticks }, signal);
      },
      onError,
    });
  }

  async start(): Promise<void> {
    const { storage, tables, clock } = this.#deps;
    const occurrences = storage.records(tables.occurrences);
    if (storage.supports.processes === 'one') await freeAll({ occurrences, clock });
    this.#firing.start();
    this.#takingUp.start();
    this.#pruning.start();
  }

  wake(): void {
    this.#firing.wake();
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#runner.beginStop();
    const { clock } = this.#deps;
    const loops = Promise.all([this.#firing.stop(), this.#takingUp.stop(), this.#pruning.stop()]);
    const beganMs = clock.now();
    await within(clock, deadlineMs + RELEASE_MS, loops);
    // A clock that was set back gives nobody more time.
    const tookMs = Math.max(clock.now() - beganMs, 0);
    await this.#runner.stop(Math.max(deadlineMs - tookMs, 0), RELEASE_MS);
  }
}

function tellOccurrence({ tell, clock }: FiringHostDeps, occurrence: ScheduleOccurrence): void {
  const { scheduleId, occurrenceId, ordinal, dueAtMs, phase, attempts, failure, createdAtMs } = occurrence;
  tell({
    // An occurrence of an earlier schedule of that name may have had the same id.
    eventId: `evt-${occurrenceId}-${createdAtMs}-${phase}-${attempts}`,
    timestampMs: clock.now(),
    event: {
      kind: 'module',
      module: 'scheduling',
      eventType: `occurrence.${phase}`,
      payload: {
        schedule_id: scheduleId,
        occurrence_id: occurrenceId,
        ordinal,
        due_at_ms: dueAtMs,
        attempts,
        ...(failure && { failure }),
      },
    },
  });
}
