import type {
  ArchiveStatus,
  DeadLetterPage,
  EventPage,
  EventQuery,
  FlushOptions,
  FlushReport,
  IngestStats,
  RecordQuery,
  SessionStore,
} from '@mobkit/core';
import type {
  Content,
  MobEventQuery,
  MobHandle,
  MobShutdownReport,
  MobState,
  OpenMobReport,
  SendOptions,
  SendReceipt,
} from '@mobkit/core/mob';
import type {
  Delivery,
  Gate,
  MemoryLedger,
  ModuleHealthTransition,
  ModuleHost,
  Router,
  RuntimeIdentity,
  ScheduleDefinition,
  ScheduleDispatchReport,
  Scheduler,
  SessionWarehouse,
} from '@mobkit/core/ops';

import type { DurabilityBySlot } from './durability-by-slot.js';
import type { AgentStream, AgentStreamOptions } from './agent-streams.js';
import type { ErrorEventStats } from './error-events.js';
import type { LifecycleEvent } from './lifecycle-stages.js';
import type { RuntimeRoster } from './roster/runtime-roster.js';
import type { RuntimeShape } from './shape/runtime-shape.js';
import type { Interactions } from './interactions.js';
import type { Readiness } from './readiness.js';
import type { RuntimeLabels } from './runtime-labels.js';
import type { StructuralEvent, StructuralEventPage, StructuralTailOptions } from './structural-event.js';
import type { Timeline, TimelinePage, TimelineQuery } from './timeline.js';

/**
 * A mob with everything around it: its events observed, kept and streamed, its roster reachable, its end in order.
 * Made by `bootstrapRuntime`; whoever bootstrapped it calls `shutdown`.
 *
 * Once `shutdown` was called, everything but reading throws `MOB_SHUTTING_DOWN`.
 */
export interface UnifiedRuntime {
  readonly mob: MobHandle;
  /** What opening the mob found. */
  readonly openReport: OpenMobReport;
  /**
   * Aborted when another engine has taken the mob, or asked for it; the reason is a `MOB_LEASE_LOST` with `details.owner`, if
   * that is known. The runtime then shuts down by itself, and refuses with that error what it refuses from then on; nothing
   * the mob still writes here is kept.
   */
  readonly lost: AbortSignal;
  /** What the host configured of durable identities and other mobs; no more than an empty map of handles until it has. */
  readonly identity: RuntimeIdentity;
  /** Who is in the mob. */
  readonly roster: RuntimeRoster;
  /** Which shape the mob should have, and how to get there. */
  readonly shape: RuntimeShape;

  status(): Promise<RuntimeStatus>;

  /**
   * Whether it can do its work now: it runs, its event log takes events, and its storage took a small write within two
   * seconds. Cheap however often it is asked: one write is under way at a time, and what came of it stands for a second.
   * Never rejects.
   */
  readiness(): Promise<Readiness>;

  /** As `MobHandle.send`. @throws TypeError for a blank identity or message. */
  sendMessage(identity: string, content: Content, options?: SendOptions): Promise<SendReceipt>;

  /**
   * A page of the event log; undefined when the runtime was given none. `afterSeq` 0 means from the oldest event that is
   * kept, whichever that is. Throws what the store throws.
   *
   * @throws MobError `MOB_CURSOR_STALE` (`details.firstSeq`, `details.lastSeq`) for any other `afterSeq` after which events
   * were removed: they would be missed.
   */
  queryEvents(query: EventQuery): Promise<EventPage | undefined>;

  /** A page of the events that the log refused, oldest first; undefined when the runtime was given no store of them. */
  deadLetters(query?: Pick<RecordQuery, 'afterKey' | 'limit'>): Promise<DeadLetterPage | undefined>;

  /**
   * A page of structural events, with the labels their mob and run have now. Asked for by `agentIdentity` it has the wires of
   * that member, too, at whichever end it is.
   *
   * @throws MobError `MOB_CURSOR_STALE` for a cursor the ledger does not hold.
   */
  queryMobEvents(query: StructuralQuery): Promise<StructuralEventPage>;
  /**
   * Structural events after a cursor, then live, each once and in order; independent of every other reader. Ends by
   * `signal`, `break` or when the runtime has shut down.
   *
   * @throws MobError `MOB_CURSOR_STALE`, with the first item, for a cursor the ledger does not hold.
   */
  tailMobEvents(options: StructuralTailOptions): AsyncIterable<StructuralEvent>;
  /**
   * Calls `listener` with every structural event from now on, of the mob and of those that its agents made, each once and in
   * the order of its ledger, and with a `stream_gap` where some are gone; a query calls nobody, and neither does an agent
   * event. A listener that throws is counted and named in the shutdown report. Returns what ends it.
   */
  onMobEvent(listener: (event: StructuralEvent) => void): () => void;

  /**
   * The events of all members of a mob, or of one, from a position on: each once and in order, with a gap exactly where numbers
   * are missing. Without a position it begins at this call, not when it is first read. A position of an earlier epoch is
   * followed over the restart; an epoch that ended in a crash gives a gap of `unknown_position` at its end. Without an
   * event log, what is no longer in memory is a gap. Ends by `signal` or when the runtime has shut down.
   *
   * @throws MobError `MOB_CURSOR_STALE` (`details.after`, `details.latest`), at the call, for a position no event has had;
   * TypeError for one that is none.
   */
  agentEvents(options: AgentStreamOptions): AgentStream;

  /** What happened anywhere, in one order. */
  readonly timeline: Timeline;
  readonly labels: RuntimeLabels;
  readonly interactions: Interactions;

  /** The parts it was given, to be asked directly; undefined where it was given none. */
  readonly router: Router | undefined;
  readonly delivery: Delivery | undefined;
  readonly scheduler: Scheduler | undefined;
  readonly gate: Gate | undefined;
  readonly memory: MemoryLedger | undefined;
  readonly sessionStore: SessionStore | undefined;
  readonly sessionWarehouse: SessionWarehouse | undefined;
  readonly modules: ModuleHost | undefined;

  /**
   * Claims the schedules that are due at a tick and sends the messages they have for members, in order. What became of each is
   * told as `runtime.injection.executed` or `runtime.injection.failed`, in the timeline and the event log; one that fails keeps
   * none of the others, and the report names it.
   *
   * @throws MobError `MOB_CONFIG_INVALID` for a runtime that was given no evaluator, and as `ScheduleEvaluator.dispatch`.
   */
  dispatchScheduleTick(
    schedules: readonly ScheduleDefinition[],
    tickMs: number,
  ): Promise<ScheduleDispatchReport>;

  /**
   * Resolves when what happened before this call has passed to listeners and to the event log, or after `deadlineMs`, or by
   * `signal`; answers how many events the log had not taken by then. Nobody needs to call it for events to pass. Never rejects.
   */
  drain(options?: DrainOptions): Promise<FlushReport>;

  /** What modules did, and the runtime itself as module `runtime`: entries of the timeline. */
  moduleEvents(query?: Omit<TimelineQuery, 'scope'>): TimelinePage;
  /** The ids of the modules that are loaded, sorted; as all that is said of modules, none without a host of them. */
  loadedModules(): readonly string[];
  moduleIsRunning(moduleId: string): boolean;
  /** As `ModuleHost.healthTransitions`. */
  moduleHealthTransitions(): readonly ModuleHealthTransition[];
  /** The stages that the runtime has reached, in order. */
  moduleLifecycleEvents(): readonly LifecycleEvent[];
  /**
   * As `ModuleHost.reconcile`: starts those that are not loaded, and answers how many.
   *
   * @throws MobError `MOB_CONFIG_INVALID` for a module that is not configured (`details.module`), as all are without a host.
   */
  reconcileModules(moduleIds: readonly string[]): Promise<number>;

  /** What happened to every event given to the event sink; undefined when the runtime was given none. */
  ingestStats(): IngestStats | undefined;

  /** How far the archive of the event log is behind; undefined when the runtime was given none. Never rejects. */
  archiveStatus(): Promise<ArchiveStatus | undefined>;

  /** As `MobHandle.whenIdle`. */
  whenIdle(signal?: AbortSignal): Promise<void>;

  /**
   * Ends in this order: admission, scheduler, agents, gate, delivery, modules, event pump, final flush of the event sink, streams, error hook. Never rejects: what went
   * wrong is in the report. A second call gets the first one's report.
   */
  shutdown(): Promise<ShutdownReport>;

  /** Waits until `signal` or `lost` is aborted, then shuts down. For a host without a listener; never rejects. */
  run(signal: AbortSignal): Promise<ShutdownReport>;
}

/** Which structural events to read, and from where. */
export interface StructuralQuery extends MobEventQuery {
  /** A mob that an agent made; any other has no events here. @defaultValue the mob of the runtime */
  readonly mobId?: string;
}

/** How long draining may take. */
export type DrainOptions = Pick<FlushOptions, 'deadlineMs' | 'signal'>;

/** How a runtime stands at the moment of the call. */
export interface RuntimeStatus {
  readonly running: boolean;
  readonly mobId: string;
  readonly mobState: MobState;
  /** Sorted. */
  readonly loadedModules: readonly string[];
  readonly errorEvents: ErrorEventStats;
  /** How long what is kept stays, by what it is, as the runtime was given it; absent when nobody said. */
  readonly durability?: DurabilityBySlot;
  /** Present when the mob was lost to another engine. */
  readonly lost?: {
    /** Who runs it now; absent when nobody knows. */
    readonly owner?: string;
    readonly error: string;
  };
}

/** How a runtime came to rest: each part ended, whatever became of the others. */
export interface ShutdownReport {
  readonly drain: {
    /** Events that passed the pump since the shutdown began. */
    readonly drainedCount: number;
    /** Whether runs were interrupted, or events left, because the drain timeout passed. */
    readonly timedOut: boolean;
    readonly drainDurationMs: number;
  };
  readonly moduleShutdown: {
    /** Sorted. */
    readonly terminatedModules: readonly string[];
    readonly orphanProcesses: number;
  };
  readonly mobStop: 'ok' | 'error';
  readonly mob: MobShutdownReport;
  /** The event sink after its final flush; absent when the runtime was given none. */
  readonly ingest?: IngestStats;
  /** What went wrong anywhere; empty when nothing did. */
  readonly errors: readonly string[];
}
