import type { EventPage, EventQuery, IngestStats } from '@mobkit/core';
import type {
  MemberSnapshot,
  MobEventQuery,
  MobHandle,
  MobShutdownReport,
  MobState,
  OpenMobReport,
  SendOptions,
  SendReceipt,
  SpawnMemberSpec,
} from '@mobkit/core/mob';

import type { AgentStreamItem, AgentStreamOptions } from './agent-streams.js';
import type { StructuralEvent, StructuralEventPage, StructuralTailOptions } from './structural-event.js';

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

  status(): Promise<RuntimeStatus>;

  /** As `MobHandle.spawn`; a failure is also told to the error hook as `spawn_failure`. */
  spawnMember(spec: SpawnMemberSpec): Promise<MemberSnapshot>;
  /** As `MobHandle.retire`. */
  retireMember(identity: string): Promise<void>;
  /** As `MobHandle.send`. @throws TypeError for an empty identity or message. */
  sendMessage(identity: string, content: string, options?: SendOptions): Promise<SendReceipt>;

  /** A page of the event log; undefined when the runtime was given none. Throws what the store throws. */
  queryEvents(query: EventQuery): Promise<EventPage | undefined>;

  /**
   * A page of structural events, with the labels their mob and run have now.
   *
   * @throws MobError `MOB_CURSOR_STALE` for a cursor the ledger does not hold.
   */
  queryMobEvents(query: StructuralQuery): Promise<StructuralEventPage>;
  /** Structural events after a cursor, then live, each once and in order; independent of every other reader. */
  tailMobEvents(options: StructuralTailOptions): AsyncIterable<StructuralEvent>;
  /** Calls `listener` with every structural event from now on; a query calls nobody. Returns what ends it. */
  onMobEvent(listener: (event: StructuralEvent) => void): () => void;

  /** The live events of all members, or of one, from a position on. Ends by `signal` or when the runtime has shut down. */
  agentEvents(options: AgentStreamOptions): AsyncIterable<AgentStreamItem>;

  /** What happened to every event given to the event sink; undefined when the runtime was given none. */
  ingestStats(): IngestStats | undefined;

  /** As `MobHandle.whenIdle`. */
  whenIdle(signal?: AbortSignal): Promise<void>;

  /**
   * Ends in this order: admission, agents, event pump, final flush of the event sink, streams. Never rejects: what went
   * wrong is in the report. A second call gets the first one's report.
   */
  shutdown(): Promise<ShutdownReport>;
}

/** A mob other than the runtime's has no events here. */
export interface StructuralQuery extends MobEventQuery {
  readonly mobId?: string;
}

export interface RuntimeStatus {
  readonly running: boolean;
  readonly mobId: string;
  readonly mobState: MobState;
  /** Sorted. */
  readonly loadedModules: readonly string[];
}

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
