import type {
  ArchiveMonitor,
  Clock,
  DeadLetterStore,
  ErrorHook,
  EventLogStore,
  EventSink,
  PersistentMetadataStore,
  SessionStore,
} from '@mobkit/core';
import type { MobHandle, OpenMobReport } from '@mobkit/core/mob';
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

import type { Admission } from './admission.js';
import type { CallbackGuard } from './callback-guard.js';
import type { ErrorEvents } from './error-events.js';
import type { DurabilityBySlot } from './durability-by-slot.js';
import type { EventPump } from './event-pump.js';
import type { IdleDelegates } from './idle-delegates.js';
import type { PendingInteractions } from './interactions.js';
import type { LifecycleStages } from './lifecycle-stages.js';
import type { LiveEvents } from './live-events.js';
import type { StorageProbe } from './readiness.js';
import type { RuntimeRoster } from './roster/runtime-roster.js';
import type { DriftWatch } from './shape/drift-watch.js';
import type { Shape } from './shape/shape.js';
import type { StreamHistory } from './stream-history.js';
import type { StructuralBroadcast } from './structural-broadcast.js';
import type { StructuralEvents } from './structural-events.js';

/** What a runtime stands on once its bootstrap has succeeded. */
export interface RuntimeDeps {
  readonly mob: MobHandle;
  readonly openReport: OpenMobReport;
  /** As `UnifiedRuntime.lost`. */
  readonly lost: AbortSignal;
  readonly identity: RuntimeIdentity;
  readonly live: LiveEvents;
  readonly history: StreamHistory;
  /** Keeps the last numbers of the streams. */
  readonly endEpoch: () => Promise<void>;
  readonly events: StructuralEvents;
  readonly broadcast: StructuralBroadcast;
  readonly pump: EventPump;
  readonly interactions: PendingInteractions;
  readonly idle: IdleDelegates;
  readonly metadata: PersistentMetadataStore;
  readonly router: Router | undefined;
  /** Resolutions are told no more. */
  readonly endResolved: () => void;
  readonly delivery: Delivery | undefined;
  readonly schedules: ScheduleEvaluator | undefined;
  readonly scheduler: Scheduler | undefined;
  readonly gate: Gate | undefined;
  readonly memory: MemoryLedger | undefined;
  readonly sessionStore: SessionStore | undefined;
  readonly sessionWarehouse: SessionWarehouse | undefined;
  readonly durability: DurabilityBySlot | undefined;
  readonly guard: CallbackGuard;
  readonly errors: ErrorEvents;
  readonly admission: Admission;
  readonly roster: RuntimeRoster;
  readonly shape: Shape;
  readonly drift: DriftWatch;
  readonly stages: LifecycleStages;
  readonly modules: ModuleHost | undefined;
  readonly eventSink: EventSink | undefined;
  readonly eventLog: EventLogStore | undefined;
  readonly archive: ArchiveMonitor | undefined;
  readonly deadLetters: DeadLetterStore | undefined;
  readonly probe: StorageProbe;
  readonly onError: ErrorHook;
  readonly clock: Clock;
  readonly drainTimeoutMs: number;
}
