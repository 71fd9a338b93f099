import { MobError } from '@mobkit/core';
import {
  type FlowDefinition,
  type FlowRun,
  type FlowRunFilter,
  type MobFlows,
  RESERVED_PREFIX,
  type RunFlowOptions,
  type SpawnMemberSpec,
} from '@mobkit/core/mob';

import { findUnstorable } from '../definition/plain-data.js';
import { formatPath } from '../definition/path.js';
import type { Crew } from '../engine/roster/crew.js';
import type { Member } from '../members/member.js';
import { FlowRunner, type RunnerDeps } from './flow-runner.js';
import { OrphanBudget } from './orphan-budget.js';
import { RunJournal } from './run-journal.js';
import { findRun, listRuns, putRun, runKey } from './run-record.js';
import { RunState } from './run-state.js';

/** In characters of JSON. */
const LARGEST_PARAMS = 262_144;

const DEFAULT_ORPHANS = 8;

export interface FlowsDeps extends Pick<RunnerDeps, 'retireAll'> {
  readonly crew: Crew;
  /** Spawns members that are not there; part of a command. */
  readonly spawnForFlow: (specs: readonly SpawnMemberSpec[]) => Promise<void>;
}

interface ActiveRun {
  readonly runner: FlowRunner;
  /** Resolves with the run when it is over; undefined when that could not be kept. */
  readonly over: Promise<FlowRun | undefined>;
}

/** The flows of one open mob. */
export class Flows implements MobFlows {
  readonly #deps: FlowsDeps;
  readonly #orphans: OrphanBudget;
  readonly #active = new Map<string, ActiveRun>();
  /** Ends the pauses of journals that wait for the storage. */
  readonly #givingUp = new AbortController();
  #begun = 0;

  constructor(deps: FlowsDeps) {
    this.#deps = deps;
    const { limits } = deps.crew.context.definition;
    this.#orphans = new OrphanBudget(limits?.max_orphaned_turns ?? DEFAULT_ORPHANS);
  }

  /** Runs that are not over, oldest first. */
  activeRuns(): readonly string[] {
    return [...this.#active.keys()];
  }

  runFlow(flowId: string, params?: unknown, { provision = false }: RunFlowOptions = {}): Promise<string> {
    return this.#deps.crew.command('runFlow', async () => {
      const flow = this.#expect(flowId);
      const given = checkParams(params);
      if (provision) await this.#provision(flowId, flow);
      return this.#begin(flowId, flow, given);
    });
  }

  async cancelFlow(runId: string): Promise<void> {
    this.#deps.crew.states.expect('cancelFlow');
    await this.#cancel(runId);
  }

  /** Cancels every run; resolves when they are over. */
  async cancelAll(): Promise<void> {
    await Promise.all(this.activeRuns().map((runId) => this.#cancel(runId)));
  }

  /** Lets no run begin anything more. */
  close(reason: string): void {
    for (const { runner } of this.#active.values()) runner.close(reason);
  }

  /** Ends what still goes on; resolves when it is over, kept or not. Call `close` before. */
  async cut(): Promise<void> {
    const active = [...this.#active.values()];
    for (const { runner } of active) runner.cut();
    await Promise.all(active.map(({ over }) => over));
  }

  /** The storage is not waited for any more. */
  giveUp(): void {
    this.#givingUp.abort();
  }

  async flowRun(runId: string): Promise<FlowRun | undefined> {
    const { storage, mobId } = this.#deps.crew.context;
    return findRun(storage, mobId, runId);
  }

  async flowRuns(filter?: FlowRunFilter): Promise<readonly FlowRun[]> {
    const { storage, mobId } = this.#deps.crew.context;
    return listRuns(storage, mobId, filter);
  }

  async flowEnd(runId: string, signal?: AbortSignal): Promise<FlowRun> {
    signal?.throwIfAborted();
    const active = this.#active.get(runId);
    const run = await (active ? orAborted(active.over, signal) : this.flowRun(runId));
    if (run) return run;
    if (active) {
      const message = `The end of run "${runId}" could not be kept: it is ended when the mob is opened again`;
      throw new MobError('MOB_STORE_UNAVAILABLE', message, { retryable: true, details: { runId } });
    }
    throw new MobError('MOB_FLOW_NOT_FOUND', `There is no run "${runId}"`, { details: { runId } });
  }

  /** @throws MobError `MOB_FLOW_NOT_FOUND`. */
  #expect(flowId: string): FlowDefinition {
    const { flows = {} } = this.#deps.crew.context.definition;
    const flow = Object.hasOwn(flows, flowId) ? flows[flowId] : undefined;
    if (flow) return flow;
    const known = Object.keys(flows).join(', ') || 'none';
    const message = `There is no flow "${flowId}"; there are: ${known}`;
    throw new MobError('MOB_FLOW_NOT_FOUND', message, { details: { flowId } });
  }

  async #provision(flowId: string, { steps }: FlowDefinition): Promise<void> {
    const roles = new Set(Object.values(steps).map(({ role }) => role));
    const missing = [...roles].filter((role) => this.#workers(role).length === 0);
    const taken = new Set<string>();
    const specs = missing.map((role): SpawnMemberSpec => {
      const identity = this.#freeName(role, flowId, taken);
      taken.add(identity);
      return { identity, profile: role, runtimeMode: 'turn_driven' };
    });
    await this.#deps.spawnForFlow(specs);
  }

  /** A name that nobody has, or somebody of that role. */
  #freeName(role: string, flowId: string, taken: ReadonlySet<string>): string {
    const plain = `${role}_${flowId}`.replaceAll(/[^\w.-]/g, '_').replace(/^[^A-Za-z0-9]+/, '');
    for (let n = 1; ; n += 1) {
      const name = n === 1 ? plain.slice(0, 90) : `${plain.slice(0, 80)}-${n}`;
      const identity = `${RESERVED_PREFIX}${name}`;
      const { entry } = this.#deps.crew.members.get(identity) ?? {};
      if (!taken.has(identity) && (!entry || entry.role === role)) return identity;
    }
  }

  async #begin(flowId: string, flow: FlowDefinition, params: unknown): Promise<string> {
    const { context } = this.#deps.crew;
    const { mobId, clock, newId, storage } = context;
    const state = new RunState({ runId: newId(), mobId, flowId, params, createdAtMs: clock.now() });
    const key = runKey(state.toRun(), this.#begun++);
    const { versions } = await storage.commit({
      puts: [{ ...putRun(key, state.toRun()), expectedVersion: 0 }],
    });
    const journal = new RunJournal(context, state, key, versions[0] ?? 0, this.#givingUp.signal);
    this.#run(flow, state, journal);
    return state.runId;
  }

  async #cancel(runId: string): Promise<void> {
    const active = this.#active.get(runId);
    active?.runner.cancel();
    await active?.over;
  }

  #run(flow: FlowDefinition, state: RunState, journal: RunJournal): void {
    const { crew, retireAll } = this.#deps;
    const { context, members } = crew;
    const runner = new FlowRunner({
      context,
      flow,
      state,
      journal,
      orphans: this.#orphans.share(),
      find: (identity) => members.get(identity),
      workers: (role) => this.#workers(role),
      retireAll,
    });
    this.#active.set(state.runId, { runner, over: this.#over(runner, state) });
  }

  async #over(runner: FlowRunner, state: RunState): Promise<FlowRun | undefined> {
    const release = this.#deps.crew.context.activity.begin();
    const kept = await runner.run();
    this.#active.delete(state.runId);
    release();
    return kept ? structuredClone(state.toRun()) : undefined;
  }

  #workers(role: string): readonly Member[] {
    const working = [...this.#deps.crew.members.values()].filter(
      ({ entry, status }) => entry.role === role && status === 'active',
    );
    return working.toSorted(({ entry: { identity: one } }, { entry: { identity: other } }) =>
      one < other ? -1 : 1,
    );
  }
}

function checkParams(params: unknown): unknown {
  if (params === undefined || params === null) return undefined;
  const [problem] = findUnstorable(params);
  if (problem) throw new TypeError(`params${formatted(problem.path)} ${problem.message}`);
  const text = JSON.stringify(params);
  if (text.length <= LARGEST_PARAMS) return JSON.parse(text);
  throw new TypeError(`params have ${text.length} characters as JSON; at most ${LARGEST_PARAMS} are taken`);
}

function formatted(path: readonly (string | number)[]): string {
  const text = formatPath(path);
  return text === '' || text.startsWith('[') ? text : `.${text}`;
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
