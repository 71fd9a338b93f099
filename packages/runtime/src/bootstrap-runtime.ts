import { type ErrorHook, errorText, MobError, systemClock } from '@mobkit/core';
import type { AgentEventEnvelope, AgentEventListener, WhenHeld } from '@mobkit/core/mob';

import { Admission } from './admission.js';
import { EventPump } from './event-pump.js';
import { CallbackGuard } from './callback-guard.js';
import { ErrorEvents } from './error-events.js';
import { HookRunner } from './hooks.js';
import { PendingInteractions } from './interactions.js';
import { IdleDelegates } from './idle-delegates.js';
import { LifecycleStages } from './lifecycle-stages.js';
import { LiveEvents } from './live-events.js';
import { StorageProbe } from './readiness.js';
import { startServices } from './services.js';
import { Rollback } from './rollback.js';
import { Runtime } from './runtime.js';
import { checkParts, type RuntimeParts } from './runtime-parts.js';
import { beginShape } from './shape/begin-shape.js';
import { openShape } from './shape/open-shape.js';
import { openStreamEpochs } from './stream-epochs.js';
import { StreamHistory } from './stream-history.js';
import { StructuralBroadcast } from './structural-broadcast.js';
import { StructuralEvents } from './structural-events.js';
import { tellResolved } from './tell-resolved.js';
import type { UnifiedRuntime } from './unified-runtime.js';

const DRAIN_TIMEOUT_MS = 30_000;
const HOOK_TIMEOUT_MS = 30_000;

/** Modules get this to end when a start is undone. */
const UNDO_MODULES_MS = 10_000;

/** How a runtime is started, and what to do about a mob that another one runs. */
export interface BootstrapOptions {
  /** Gives up: what was begun is undone. Once the runtime stands it means nothing any more. */
  readonly signal?: AbortSignal;
  /** As `OpenMobOptions.whenHeld`. @defaultValue `refuse` */
  readonly whenHeld?: WhenHeld;
  /** As `OpenMobOptions.onHeld`. */
  readonly onHeld?: (error: MobError) => void;
}

/**
 * Opens the mob with its streams around it, brings it to the desired shape, and lets it begin to work when everything
 * stands. All or nothing: whatever step fails, what was begun before it is undone in reverse, and no agent has acted.
 *
 * The steps: mob, streams, structural events, modules, delivery and gate, pre-spawn hook, discovery, edges and routes,
 * scheduler, start of the work.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a part that is missing (`details.field`), `MOB_HOOK_FAILED` when the pre-spawn
 * hook fails, `MOB_SHUTTING_DOWN` when `signal` was aborted, `MOB_LEASE_LOST` when another engine took the mob meanwhile, and what the engine, the modules and the stores throw,
 * unchanged; `MOB_ROLLBACK_FAILED` with that as its `cause` when undoing failed as well (`details.rollbackErrors`). They
 * are told nowhere else.
 */
export async function bootstrapRuntime(
  parts: RuntimeParts,
  options: BootstrapOptions = {},
): Promise<UnifiedRuntime> {
  checkParts(parts);
  const rollback = new Rollback();
  try {
    return await build(parts, rollback, options);
  } catch (error) {
    const { signal } = options;
    throw await rollback.undo(signal?.aborted && error === signal.reason ? givenUp(error) : error);
  }
}

async function build(
  parts: RuntimeParts,
  rollback: Rollback,
  { signal, whenHeld, onHeld }: BootstrapOptions,
): Promise<UnifiedRuntime> {
  const { engine, definition, storage, metadata, eventSink, eventLog, deadLetters, modules } = parts;
  const { clock = systemClock, drainTimeoutMs = DRAIN_TIMEOUT_MS, hookTimeoutMs = HOOK_TIMEOUT_MS } = parts;
  const guard = new CallbackGuard();
  const errors = new ErrorEvents({ hook: parts.onError, clock, timeoutMs: hookTimeoutMs });
  const onError: ErrorHook = errors.tell;
  const stages = new LifecycleStages(clock);
  const lost = new AbortController();
  const admission = new Admission(lost.signal);
  const goOn = () => {
    signal?.throwIfAborted();
    lost.signal.throwIfAborted();
  };
  goOn();

  const epochs = await openStreamEpochs(storage);
  const probe = await StorageProbe.open(storage, definition.id, clock);
  let undoStreams = async () => {};
  rollback.add(() => undoStreams());
  goOn();

  // Before there are streams: their epoch begins when the mob is ours, so that epochs follow each other as owners do.
  const early: AgentEventEnvelope[] = [];
  let onAgentEvent: AgentEventListener = (event) => void early.push(event);
  const { mob, report } = await engine.open({
    definition,
    onAgentEvent: (event) => onAgentEvent(event),
    onError,
    onLost: (error) => lost.abort(error),
    ...(whenHeld && { whenHeld }),
    ...(onHeld && { onHeld }),
    ...(signal && { signal }),
  });
  rollback.add(async () => {
    const { errors: left } = await mob.shutdown({ deadlineMs: 0 });
    if (left.length > 0) throw new Error(`The mob did not stop cleanly: ${left.join('; ')}`);
  });
  const live = new LiveEvents(definition.id, await epochs.begin(definition.id), clock);
  const endEpoch = () => epochs.end(live.mobId, live.epoch, live.end());
  undoStreams = async () => {
    live.close();
    // Not a failure to undo: it costs a reader that resumes from here a gap where none was.
    await endEpoch().catch((error: unknown) =>
      onError({ category: 'store_failure', error: errorText(error) }),
    );
  };
  const pump = new EventPump({ live, eventSink, guard, onError });
  const interactions = new PendingInteractions({
    mobId: mob.mobId,
    clock,
    admission,
    tell: pump.onModuleEvent,
  });
  pump.watch((event) => interactions.onAgentEvent(event));
  ({ onAgentEvent } = pump);
  for (const event of early.splice(0)) onAgentEvent(event);
  stages.reach('MobStarted');
  goOn();

  const { childMobs } = engine;
  const idle = new IdleDelegates({ mob, childMobs, settings: parts.delegates ?? {}, clock, onError });
  pump.watch((event) => idle.onAgentEvent(event));
  const events = new StructuralEvents({ mob, childMobs, metadata });
  const broadcast = await StructuralBroadcast.prepare({
    mob,
    childMobs,
    resumed: report.resumed,
    first: [
      (event) => pump.onStructuralEvent(event),
      (event) => interactions.onStructuralEvent(event),
      (event) => idle.onStructuralEvent(event),
      ...(parts.onMobEvent ? [parts.onMobEvent] : []),
    ],
    metadata,
    guard,
    onError,
    clock,
  });
  rollback.add(() => broadcast.stop());
  goOn();

  if (modules) {
    // Before it starts: one that failed half-way has children, too.
    rollback.add(async () => {
      const { orphanProcesses } = await modules.shutdown({ deadlineMs: UNDO_MODULES_MS });
      if (orphanProcesses > 0) throw new Error(`Modules left ${orphanProcesses} processes behind`);
    });
    const unwanted = signal ?? new AbortController().signal;
    await modules.start({ onEvent: pump.onModuleEvent, signal: unwanted });
    goOn();
  }
  stages.reach('ModulesStarted');

  const host = { mob, tell: pump.onModuleEvent, onError, ...(modules && { modules }) };
  const undo = { rollback, goOn, clock };
  const endResolved = parts.router ? tellResolved(parts.router, pump.onModuleEvent, clock) : () => {};
  rollback.add(async () => endResolved());
  const { delivery, gate, scheduler } = parts;
  // Before anybody is spawned: resumed members find both at work.
  const atWork = [
    { name: 'delivery', service: delivery },
    { name: 'gate', service: gate },
  ];
  await startServices(atWork, host, undo);

  const hooks = new HookRunner({
    hooks: parts.hooks ?? {},
    mobId: mob.mobId,
    clock,
    timeoutMs: hookTimeoutMs,
    onError,
  });
  const labels = await metadata.labels({ mobId: mob.mobId });
  await hooks.preSpawn({ labels, resumed: report.resumed }, signal);
  goOn();

  const giveUp = () => admission.close();
  signal?.addEventListener('abort', giveUp);
  const endGiveUp = () => signal?.removeEventListener('abort', giveUp);
  rollback.add(async () => endGiveUp());
  const timeoutMs = hookTimeoutMs;
  const shapeParts = await openShape({
    ...parts,
    mob,
    hooks,
    admission,
    broadcast,
    guard,
    onError,
    clock,
    timeoutMs,
  });
  rollback.add(() => shapeParts.drift.stop());
  await beginShape(shapeParts, { rollback, goOn });
  goOn();
  endGiveUp();

  await startServices([{ name: 'scheduler', service: scheduler }], host, undo);

  broadcast.begin();
  mob.start();
  stages.reach('MergedStreamStarted');
  const history = new StreamHistory({ mobId: mob.mobId, epochs, eventSink, eventLog });
  const own = {
    live,
    history,
    endEpoch,
    events,
    broadcast,
    guard,
    probe,
    errors,
    stages,
    admission,
    ...shapeParts,
  };
  shapeParts.drift.begin();
  idle.begin();
  return new Runtime({
    ...own,
    pump,
    interactions,
    idle,
    metadata,
    router: parts.router,
    endResolved,
    delivery,
    schedules: parts.schedules ?? scheduler,
    scheduler,
    gate,
    memory: parts.memory,
    sessionStore: parts.sessionStore,
    sessionWarehouse: parts.sessionWarehouse,
    durability: parts.durability,
    lost: lost.signal,
    identity: { peerHandles: new Map(), ...parts.identity },
    mob,
    modules,
    openReport: report,
    eventSink,
    eventLog,
    archive: parts.archive,
    deadLetters,
    onError,
    clock,
    drainTimeoutMs,
  });
}

function givenUp(cause: unknown): MobError {
  return new MobError('MOB_SHUTTING_DOWN', 'The start was given up: the runtime is shutting down', { cause });
}
