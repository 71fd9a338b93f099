import { setTimeout as pause } from 'node:timers/promises';

import { type ErrorEvent, MobError, type Storage } from '@mobkit/core';
import type { FlowRun, MobHandle } from '@mobkit/core/mob';
import type {
  ModuleEventEnvelope,
  ModuleHost,
  NewSchedule,
  OccurrencePhase,
  ScheduleCall,
  ScheduleFunction,
  Scheduler,
} from '@mobkit/core/ops';

import { FaultyStorage } from '../faulty-storage.js';
import { ManualClock } from '../manual-clock.js';
import { ClockedStorage } from './clocked-storage.js';
import type { SchedulerHarness } from './harness.js';

/** What happens is awaited this long, in real milliseconds, and looked for this often. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 2;

export const LEASE_MS = 30_000;

export const RETENTION_MS = 7 * 86_400_000;

/** 2026-03-02, a Monday, at 12:00 UTC. */
export const BEGIN_MS = Date.UTC(2026, 2, 2, 12);

/** A scheduler in a process of its own. */
export interface Process {
  readonly scheduler: Scheduler;
  /** As if it had been killed. */
  kill(): void;
  stop(): Promise<void>;
}

/** A storage, a clock that is moved by hand, and everything schedules can be about. */
export class SchedulerStage {
  readonly clock = new ManualClock(BEGIN_MS);
  readonly storage: ClockedStorage;
  readonly calls: ScheduleCall[] = [];
  readonly sent: { readonly identity: string; readonly message: unknown; readonly interactionId?: string }[] =
    [];
  readonly told: ModuleEventEnvelope[] = [];
  readonly errors: ErrorEvent[] = [];
  readonly started: string[] = [];
  readonly #runs = new Map<string, { readonly promise: Promise<FlowRun>; end: (run: FlowRun) => void }>();
  readonly #harness: SchedulerHarness;
  readonly #processes: Process[] = [];
  /** What the function `work` does. */
  work: ScheduleFunction = async () => {};

  constructor(harness: SchedulerHarness, storage: Storage) {
    this.#harness = harness;
    this.storage = new ClockedStorage(storage, this.clock);
  }

  /** A process whose scheduler runs. */
  async process(): Promise<Process> {
    const storage = new FaultyStorage(this.storage);
    const functions = {
      work: async (call: ScheduleCall) => {
        this.calls.push(call);
        await this.work(call);
      },
    };
    const scheduler = await this.#harness.scheduler({
      storage,
      clock: this.clock,
      functions,
      leaseMs: LEASE_MS,
      retentionMs: RETENTION_MS,
    });
    await scheduler.start({
      mob: this.#mob(),
      modules: { call: (call) => this.#callModule(call) } as ModuleHost,
      tell: (event) => void this.told.push(event),
      onError: (error) => void this.errors.push(error),
    });
    const process: Process = {
      scheduler,
      kill: () => storage.sever(),
      stop: () => scheduler.stop({ deadlineMs: 0 }),
    };
    this.#processes.push(process);
    return process;
  }

  async close(): Promise<void> {
    for (const process of this.#processes) {
      process.kill();
      void process.stop();
    }
  }

  /** Resolves when it holds. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = Date.now() + PATIENCE_MS;
    while (!(await holds())) {
      if (Date.now() > endMs) throw new Error(`It did not come about: ${String(holds)}`);
      await pause(LOOK_MS);
    }
  }

  /** Resolves with the phases of a schedule's occurrences, the oldest first, when there are so many and none is live. */
  async phases({ scheduler }: Process, count: number, scheduleId = 's'): Promise<readonly OccurrencePhase[]> {
    const live: readonly OccurrencePhase[] = ['dispatching', 'awaiting_completion', 'retrying'];
    let phases: readonly OccurrencePhase[] = [];
    await this.until(async () => {
      phases = (await scheduler.occurrences(scheduleId)).map(({ phase }) => phase).toReversed();
      return phases.length >= count && !phases.some((phase) => live.includes(phase));
    });
    return phases;
  }

  /** Ends a run of a flow. */
  endRun(runId: string, status: FlowRun['status']): void {
    this.#run(runId).end({ runId, status } as FlowRun);
  }

  #mob(): MobHandle {
    return {
      send: async (identity: string, message: unknown, options: { readonly interactionId?: string } = {}) => {
        if (identity !== 'lead')
          throw new MobError('MOB_MEMBER_NOT_FOUND', `No member is named "${identity}"`);
        const { interactionId } = options;
        this.sent.push({ identity, message, ...(interactionId !== undefined && { interactionId }) });
        return { identity, sessionId: 's', interactionId: interactionId ?? 'i', handlingMode: 'queue' };
      },
      runFlow: async (flowId: string) => {
        if (flowId !== 'triage') throw new MobError('MOB_FLOW_NOT_FOUND', `No flow is named "${flowId}"`);
        const runId = `run-${this.started.length + 1}`;
        this.started.push(runId);
        return runId;
      },
      flowEnd: (runId: string, signal?: AbortSignal) =>
        Promise.race([
          this.#run(runId).promise,
          new Promise<never>((_, reject) => {
            const end = () => reject(signal?.reason as Error);
            if (signal?.aborted) end();
            signal?.addEventListener('abort', end, { once: true });
          }),
        ]),
    } as unknown as MobHandle;
  }

  async #callModule({ moduleId, method, params }: Parameters<ModuleHost['call']>[0]) {
    if (moduleId !== 'tools')
      throw new MobError('MOB_MODULE_NOT_LOADED', `Module "${moduleId}" is not loaded`);
    this.sent.push({ identity: `${moduleId}.${method}`, message: params });
    return null;
  }

  #run(runId: string) {
    let run = this.#runs.get(runId);
    if (!run) {
      let end: (ended: FlowRun) => void = () => {};
      const promise = new Promise<FlowRun>((resolve) => {
        end = resolve;
      });
      run = { promise, end };
      this.#runs.set(runId, run);
    }
    return run;
  }
}

/** A schedule `s` that calls the function `work` every minute. */
export function minutely(given: Partial<NewSchedule> = {}): NewSchedule {
  return {
    scheduleId: 's',
    trigger: { type: 'interval', startAtMs: BEGIN_MS + 60_000, everyMs: 60_000 },
    target: { kind: 'function', name: 'work' },
    ...given,
  };
}
