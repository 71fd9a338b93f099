import {
  type ArchiveMonitor,
  type Clock,
  type DeadLetterStore,
  type Discovery,
  type EdgeDiscovery,
  type EventLogStore,
  type EventSink,
  MobError,
  type PersistentMetadataStore,
  type SessionStore,
  type Storage,
} from '@mobkit/core';
import type { MobDefinition, MobEngine } from '@mobkit/core/mob';
import type {
  Delivery,
  Gate,
  MemoryLedger,
  ModuleHost,
  Router,
  RuntimeIdentity,
  ScheduleEvaluator,
  Scheduler,
  SessionWarehouse,
} from '@mobkit/core/ops';

import type { DurabilityBySlot } from './durability-by-slot.js';
import type { HostErrorHook } from './error-events.js';
import type { RuntimeHooks } from './hooks.js';
import type { DelegateSettings } from './idle-delegates.js';
import type { ReconcileSettings } from './shape/runtime-shape.js';
import type { StructuralEvent } from './structural-event.js';

/** What a runtime is made of. It closes none of it: whoever opened a part closes it, after `shutdown`. */
export interface RuntimeParts {
  readonly engine: MobEngine;
  readonly definition: MobDefinition;
  /** Keeps the epochs of the agent streams; written to when `readiness` is asked for. */
  readonly storage: Storage;
  /** Where labels come from, and where it is kept which wires are managed. */
  readonly metadata: PersistentMetadataStore;
  /** Brings agent events into the event log. Absent: they are streamed and not kept. */
  readonly eventSink?: EventSink;
  /**
   * The log that `eventSink` fills: what `queryEvents` asks and streams resume from. It holds the events of a mob in the
   * order of their stream positions, and can be read as soon as the sink has settled them.
   */
  readonly eventLog?: EventLogStore;
  /** Tells how the archive of `eventLog` goes, where it has one: what `archiveStatus` asks. */
  readonly archive?: ArchiveMonitor;
  /** Where `eventSink` puts what the log refused: what `deadLetters` asks. */
  readonly deadLetters?: DeadLetterStore;
  /** Helper processes of the mob. The runtime starts them and shuts them down. */
  readonly modules?: ModuleHost;
  /** What is known of durable identities and of other mobs: `runtime.identity` hands it out. */
  readonly identity?: Partial<RuntimeIdentity>;
  /** Says who should exist: at the start those who are missing are spawned, and `shape` keeps to it. */
  readonly discovery?: Discovery;
  /** Says who should be able to talk to whom. */
  readonly edgeDiscovery?: EdgeDiscovery;
  readonly reconcile?: ReconcileSettings;
  /** Members get a route each when its routes may change. */
  readonly router?: Router;
  /** Carries messages out of the mob. Started with the runtime when it works by itself. */
  readonly delivery?: Delivery;
  /** Says what is due: what `dispatchScheduleTick` asks. @defaultValue `scheduler` */
  readonly schedules?: ScheduleEvaluator;
  /** Fires what is due, for as long as the runtime runs. */
  readonly scheduler?: Scheduler;
  /** Has risky actions wait for whoever may allow them. */
  readonly gate?: Gate;
  readonly memory?: MemoryLedger;
  /** Where what becomes of the mob's sessions is written, to be asked for. */
  readonly sessionStore?: SessionStore;
  /** Where callers from outside may ask for the sessions of tables that they name. */
  readonly sessionWarehouse?: SessionWarehouse;
  /** Absent: members that agents made stay, but for those whose label says otherwise. */
  readonly delegates?: DelegateSettings;
  /** How long what is kept stays, by what it is, as far as whoever put the parts together knows: `status` tells it. */
  readonly durability?: DurabilityBySlot;
  readonly hooks?: RuntimeHooks;
  /**
   * Told of failures nobody waits for, in order and one at a time. One that throws or hangs is counted, and named in the
   * shutdown report.
   */
  readonly onError?: HostErrorHook;
  /**
   * Told of every structural event of the mob, and of those that its agents made, from where the runtime before this one ended:
   * at least once each, as the last second before a crash is told again. Must be quick; one that throws is counted, and named
   * in the shutdown report.
   */
  readonly onMobEvent?: (event: StructuralEvent) => void;
  /** How long a hook may take, a source of the shape, and `onError` for one event, in milliseconds. @defaultValue 30_000 */
  readonly hookTimeoutMs?: number;
  /**
   * How long `shutdown` lets running turns end before it interrupts them, in milliseconds. The final flush gets what is
   * left of it, but at least 5 seconds. @defaultValue 30_000
   */
  readonly drainTimeoutMs?: number;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

const REQUIRED = ['engine', 'definition', 'storage', 'metadata'] as const;

/**
 * Refuses parts that cannot make a runtime, before anything is opened.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a part that is missing; TypeError for a timeout that is none.
 */
export function checkParts(parts: RuntimeParts): void {
  for (const field of REQUIRED) {
    // Types do not hold for callers in JavaScript.
    if ((parts as Partial<RuntimeParts>)[field] !== undefined) continue;
    throw new MobError('MOB_CONFIG_INVALID', `missing required builder field: ${field}`, {
      details: { field },
    });
  }
  for (const field of ['drainTimeoutMs', 'hookTimeoutMs'] as const) {
    const { [field]: given = 0 } = parts;
    if (Number.isSafeInteger(given) && given >= 0) continue;
    throw new TypeError(`${field} is not a whole number of milliseconds from 0: ${given}`);
  }
  const { idleRetireMs = 1 } = parts.delegates ?? {};
  if (!(Number.isSafeInteger(idleRetireMs) && idleRetireMs > 0)) {
    throw new TypeError(
      `delegates.idleRetireMs is not a whole number of milliseconds from 1: ${idleRetireMs}`,
    );
  }
}
