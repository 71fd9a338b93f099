import {
  type ArchiveStatus,
  type DeadLetterPage,
  errorText,
  type EventPage,
  type EventQuery,
  type FlushReport,
  type IngestStats,
  MobError,
  type RecordQuery,
  staleCursor,
  type SessionStore,
} from '@mobkit/core';
import {
  checkContent,
  type Content,
  type MobHandle,
  type OpenMobReport,
  type SendOptions,
} from '@mobkit/core/mob';
import type {
  Delivery,
  Gate,
  MemoryLedger,
  ModuleHost,
  Router,
  RuntimeIdentity,
  ScheduleDefinition,
  Scheduler,
  SessionWarehouse,
} from '@mobkit/core/ops';

import type { AgentStream, AgentStreamOptions } from './agent-streams.js';
import { injectDispatched } from './dispatch-schedule-tick.js';
import { drain } from './drain.js';
import { firstAborted } from './first-aborted.js';
import type { Interactions } from './interactions.js';
import { openAgentStream } from './open-agent-stream.js';
import { openTimeline } from './open-timeline.js';
import type { Readiness } from './readiness.js';
import type { RuntimeRoster } from './roster/runtime-roster.js';
import type { RuntimeDeps } from './runtime-deps.js';
import type { RuntimeShape } from './shape/runtime-shape.js';
import { type RuntimeLabels, runtimeLabels } from './runtime-labels.js';
import { shutDown } from './shut-down.js';
import type { StructuralEvent, StructuralTailOptions } from './structural-event.js';
import type { Timeline, TimelineQuery } from './timeline.js';
import type {
  DrainOptions,
  RuntimeStatus,
  ShutdownReport,
  StructuralQuery,
  UnifiedRuntime,
} from './unified-runtime.js';

export class Runtime implements UnifiedRuntime {
  readonly mob: MobHandle;
  readonly openReport: OpenMobReport;
  readonly lost: AbortSignal;
  readonly identity: RuntimeIdentity;
  readonly timeline: Timeline;
  readonly roster: RuntimeRoster;
  readonly shape: RuntimeShape;
  readonly labels: RuntimeLabels;
  readonly interactions: Interactions;
  readonly router: Router | undefined;
  readonly delivery: Delivery | undefined;
  readonly scheduler: Scheduler | undefined;
  readonly gate: Gate | undefined;
  readonly memory: MemoryLedger | undefined;
  readonly sessionStore: SessionStore | undefined;
  readonly sessionWarehouse: SessionWarehouse | undefined;
  readonly modules: ModuleHost | undefined;
  readonly #deps: RuntimeDeps;
  #shutdown: Promise<ShutdownReport> | undefined;

  constructor(deps: RuntimeDeps) {
    this.#deps = deps;
    this.mob = deps.mob;
    this.timeline = openTimeline(deps.live);
    const admit = (what: string) => deps.admission.expect(what);
    this.labels = runtimeLabels({ mobId: deps.mob.mobId, metadata: deps.metadata, admit });
    this.interactions = deps.interactions;
    this.openReport = deps.openReport;
    this.lost = deps.lost;
    this.identity = deps.identity;
    this.lost.addEventListener('abort', () => void this.shutdown(), { once: true });
    this.roster = deps.roster;
    this.shape = deps.shape;
    this.router = deps.router;
    this.delivery = deps.delivery;
    this.scheduler = deps.scheduler;
    this.gate = deps.gate;
    this.memory = deps.memory;
    this.sessionStore = deps.sessionStore;
    this.sessionWarehouse = deps.sessionWarehouse;
    this.modules = deps.modules;
  }

  async status(): Promise<RuntimeStatus> {
    const mobState = await this.mob.status();
    const running = mobState === 'Running' && !this.#shutdown;
    const loadedModules = this.loadedModules();
    const lost = this.#loss && lossOf(this.#loss);
    return {
      running,
      mobId: this.mob.mobId,
      mobState,
      loadedModules,
      errorEvents: this.#deps.errors.stats,
      ...(this.#deps.durability && { durability: this.#deps.durability }),
      ...(lost && { lost }),
    };
  }

  async readiness(): Promise<Readiness> {
    const problems = await this.#problems();
    return { ready: problems.length === 0, problems };
  }

  async #problems(): Promise<readonly string[]> {
    if (this.#loss) return [this.#loss.message];
    // What ends is not ready whatever its store does, and its store may be closed by now.
    if (this.#shutdown) return ['The runtime is shutting down'];
    const [mob, store] = await Promise.all([this.#mobProblem(), this.#deps.probe.problem()]);
    return [mob, this.#logProblem(), store].filter((problem) => problem !== undefined);
  }

  async #mobProblem(): Promise<string | undefined> {
    try {
      const state = await this.mob.status();
      return state === 'Running' ? undefined : `The mob is ${state}`;
    } catch (error) {
      return `The mob does not say how it is: ${errorText(error)}`;
    }
  }

  #logProblem(): string | undefined {
    const failing = this.ingestStats()?.failing;
    return (
      failing && `No event reaches the log since ${new Date(failing.sinceMs).toISOString()}: ${failing.error}`
    );
  }

  async sendMessage(identity: string, content: Content, options?: SendOptions) {
    this.#deps.admission.expect('send a message');
    checkNotBlank('identity', identity);
    checkContent('content', content);
    return this.mob.send(identity, content, options);
  }

  async queryEvents(query: EventQuery): Promise<EventPage | undefined> {
    const page = await this.#deps.eventLog?.query(query);
    const { afterSeq = 0 } = query;
    // 0 is where everybody begins who has seen nothing, and so misses nothing.
    if (page && afterSeq > 0 && afterSeq < page.firstSeq - 1) throw staleCursor(afterSeq, page);
    return page;
  }

  async deadLetters(query?: Pick<RecordQuery, 'afterKey' | 'limit'>): Promise<DeadLetterPage | undefined> {
    return this.#deps.deadLetters?.list(query);
  }

  queryMobEvents(query: StructuralQuery) {
    return this.#deps.events.query(query);
  }

  async *tailMobEvents(options: StructuralTailOptions): AsyncGenerator<StructuralEvent, void, undefined> {
    const { live, events } = this.#deps;
    const reader = live.untilClosed(options.signal);
    try {
      yield* events.tail({ ...options, signal: reader.signal });
    } finally {
      reader.release();
    }
  }

  onMobEvent(listener: (event: StructuralEvent) => void): () => void {
    return this.#deps.broadcast.subscribe(listener);
  }

  agentEvents(options: AgentStreamOptions): AgentStream {
    return openAgentStream(this.#deps.live, this.#deps.history, options);
  }

  async dispatchScheduleTick(schedules: readonly ScheduleDefinition[], tickMs: number) {
    this.#deps.admission.expect('dispatch schedules');
    const { schedules: evaluator, mob, pump } = this.#deps;
    if (!evaluator) {
      throw new MobError('MOB_CONFIG_INVALID', 'This runtime was given nothing that evaluates schedules', {
        details: { field: 'schedules' },
      });
    }
    return injectDispatched({ mob, tell: pump.onModuleEvent }, await evaluator.dispatch(schedules, tickMs));
  }

  drain(options: DrainOptions = {}): Promise<FlushReport> {
    return drain(this.#deps, options);
  }

  moduleEvents = (query: Omit<TimelineQuery, 'scope'> = {}) =>
    this.timeline.read({ ...query, scope: { source: 'module' } });
  loadedModules = () => this.#deps.modules?.loaded() ?? [];
  moduleIsRunning = (moduleId: string) => this.#deps.modules?.isRunning(moduleId) ?? false;
  moduleHealthTransitions = () => this.#deps.modules?.healthTransitions() ?? [];
  moduleLifecycleEvents = () => this.#deps.stages.events;

  async reconcileModules(moduleIds: readonly string[]): Promise<number> {
    this.#deps.admission.expect('reconcile modules');
    const { modules } = this.#deps;
    if (modules) return modules.reconcile(moduleIds);
    const [module] = moduleIds;
    if (module === undefined) return 0;
    throw new MobError('MOB_CONFIG_INVALID', `There is no module "${module}"`, { details: { module } });
  }

  async archiveStatus(): Promise<ArchiveStatus | undefined> {
    return this.#deps.archive?.archiveStatus();
  }

  ingestStats(): IngestStats | undefined {
    return this.#deps.eventSink?.stats();
  }

  whenIdle(signal?: AbortSignal): Promise<void> {
    return this.mob.whenIdle(signal);
  }

  shutdown(): Promise<ShutdownReport> {
    this.#deps.admission.close();
    return (this.#shutdown ??= shutDown(this.#deps));
  }

  async run(signal: AbortSignal): Promise<ShutdownReport> {
    await firstAborted(signal, this.lost);
    return this.shutdown();
  }

  get #loss(): MobError | undefined {
    return this.lost.aborted ? (this.lost.reason as MobError) : undefined;
  }
}

function lossOf({ message: error, details: { owner } }: MobError): NonNullable<RuntimeStatus['lost']> {
  return { ...(typeof owner === 'string' && { owner }), error };
}

function checkNotBlank(what: string, text: string): void {
  if (text.trim() === '') throw new TypeError(`${what} is blank`);
}
