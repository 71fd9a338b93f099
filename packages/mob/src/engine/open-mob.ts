import { MobError } from '@mobkit/core';
import type { OpenedMob, OpenMobOptions } from '@mobkit/core/mob';

import type { ChildMobRegistry } from '../children/child-mobs.js';
import { MobChildren } from '../children/mob-children.js';
import { recoverRuns } from '../flows/recover-runs.js';
import { Ledger, type LedgerDeps } from '../ledger/ledger.js';
import { acquireLease } from './acquire-lease.js';
import { Activity } from './activity.js';
import { AgentEventFeed } from './agent-event-feed.js';
import { archiveOrphans } from './archive-orphans.js';
import { Changes } from './changes.js';
import { CallbackGuard } from './callback-guard.js';
import { destroyStorage } from './destroy-storage.js';
import { eventRouter } from './event-router.js';
import { FencedStorage } from './fence.js';
import { expectUnchanged, expectValid, warningText } from './expect-definition.js';
import { Mob } from './mob.js';
import type { MobContext } from './mob-context.js';
import type { MobEngineOptions } from './mob-engine-options.js';
import { MobLease } from './mob-lease.js';
import { mobStorage } from './mob-storage.js';
import { notifyOrchestrator } from './notify-orchestrator.js';
import { offeredWarnings } from './offered-warnings.js';
import { Ownership } from './ownership.js';
import { reportLostTurns, restoreMembers } from './restore-members.js';
import { spawnMissing } from './spawn-missing.js';
import { StoppedRecord } from './stopped-record.js';

/** What an engine was made from, and what it keeps beside. */
interface EngineParts
  extends Required<Omit<MobEngineOptions, 'toolGate'>>, Pick<MobEngineOptions, 'toolGate'> {
  readonly childMobs: ChildMobRegistry;
}

/** Which engine opens it, and what lets go of it again. */
interface Owned {
  readonly engineId: string;
  readonly release: () => Promise<void>;
  readonly ownership: Ownership;
  readonly opened: { mob?: Mob };
}

/** Creates a mob, or resumes it from its ledger. No member works before it is started, so nothing runs if this fails. */
export async function openMob(engine: EngineParts, options: OpenMobOptions): Promise<OpenedMob> {
  const { storage, clock, newId, owner } = engine;
  const mobId = options.definition.id;
  const warnings = expectValid(options.definition).map(warningText);
  expectKept(engine);
  await storage.prepare(mobStorage);
  const engineId = newId();
  const opened: { mob?: Mob } = {};
  const guarded = new CallbackGuard();
  const ownership = new Ownership({
    mobId,
    clock,
    options: {
      onError: (event) => guarded.run(() => options.onError?.(event)),
      onLost: (error) => guarded.run(() => options.onLost?.(error)),
    },
  });
  // Of a storage for one process there is one owner already.
  const leased = storage.supports.processes === 'many';
  if (leased) {
    const { whenHeld, onHeld, signal } = options;
    const acquired = await acquireLease({ storage, mobId, owner, engineId, clock, whenHeld, onHeld, signal });
    const { lose: onLost, give: onAsked } = ownership;
    ownership.lease = new MobLease({ storage, mobId, engineId, clock, onLost, onAsked }, acquired);
  }
  const release = async () => ownership.lease?.release();
  const ours = leased ? new FencedStorage(storage, mobId, engineId) : storage;
  try {
    const owned = { engineId, release, ownership, opened };
    const { mob, report } = await openOwned({ ...engine, storage: ours }, options, owned);
    ownership.opened();
    return { mob, report: { ...report, warnings: [...warnings, ...report.warnings] } };
  } catch (error) {
    // It closes what it had opened already: mobs that its members made, and the lease.
    if (opened.mob) await opened.mob.shutdown({ deadlineMs: 0 });
    else await release();
    throw error;
  }
}

async function openOwned(
  engine: EngineParts,
  options: OpenMobOptions,
  { engineId, release, ownership, opened }: Owned,
): Promise<OpenedMob> {
  const { storage, clock, newId, maxSessions } = engine;
  const { definition, onAgentEvent } = options;
  const mobId = definition.id;
  const guard = new CallbackGuard();
  const changes = new Changes();
  const feed = new AgentEventFeed({ mobId, clock, newId, guard, router: eventRouter(definition) });
  const { ledger, destroyFinished } = await openLedger({
    storage,
    mobId,
    clock,
    newId,
    onConflict: ownership.lose,
    onTaken: () => changes.tell(),
  });
  const context: MobContext = {
    mobId,
    definition,
    storage,
    ledger,
    clock,
    newId,
    engineId,
    providers: engine.providers(),
    hooks: engine.hooks(),
    hostTools: new Map(engine.tools().map((tool) => [tool.name, tool])),
    toolSources: engine.toolSources(),
    toolGate: engine.toolGate,
    resolvePeer: engine.resolvePeer,
    feed,
    guard,
    activity: new Activity(),
    changes,
    customizeSpawn: engine.customizeSpawn,
    maxSessions,
    onError: (event) => guard.run(() => options.onError?.(event)),
    stepDown: ownership.lose,
  };
  const stopped = await StoppedRecord.open({ storage, mobId, newId });
  const resumed = !ledger.empty;
  if (resumed) expectUnchanged(ledger.roster.definition, definition);
  else await ledger.append({ items: [{ kind: { type: 'mob_created', definition } }] });

  if (onAgentEvent) feed.subscribe(onAgentEvent);
  const children = new MobChildren({
    registry: engine.childMobs,
    mobId,
    definition,
    ledger,
    changes,
    onAgentEvent,
    onError: context.onError,
  });
  const mob = new Mob(context, { stopped, release, children });
  opened.mob = mob;
  ownership.enter(mob);
  // Before the messages: those that only a run waited for go with it.
  const lostRuns = await recoverRuns(context);
  const { lost, warnings } = await restoreMembers(context, mob);
  const orphans = resumed ? await archiveOrphans(context) : { ids: [], warnings: [] };
  if ((await mob.status()) === 'Running') {
    await spawnMissing(context, mob);
    if (resumed && options.notifyOrchestratorOnResume) await notifyOrchestrator(context, mob);
  }
  const childWarnings = await children.open(mob);
  // Last: once a lost turn was told, it is not told again.
  const lostTurns = await reportLostTurns(context, lost);
  const broken = mob
    .members()
    .flatMap(({ identity, error }) => (error === undefined ? [] : [{ identity, error }]));
  return {
    mob,
    report: {
      resumed,
      destroyFinished,
      orphanSessions: orphans.ids,
      lostTurns,
      broken,
      warnings: [
        ...offeredWarnings(context),
        ...lostRuns,
        ...warnings,
        ...orphans.warnings,
        ...childWarnings,
      ],
    },
  };
}

function expectKept({ storage, allowEphemeralSessions }: EngineParts): void {
  if (storage.supports.durable || allowEphemeralSessions) return;
  throw new MobError(
    'MOB_CONFIG_INVALID',
    'The storage keeps nothing beyond this process: set `allowEphemeralSessions` if that is meant',
    { details: { field: 'allowEphemeralSessions' } },
  );
}

/**
 * Reads the ledger of a mob; one that was being destroyed when its process ended is destroyed first.
 *
 * @throws MobError `MOB_DESTROY_INCOMPLETE`, retryable, and as `Ledger.open`.
 */
async function openLedger(deps: LedgerDeps) {
  const ledger = await Ledger.open(deps);
  if (ledger.roster.state !== 'Destroyed') return { ledger, destroyFinished: false };
  const forceDestroyedMembers = [...ledger.roster.members.keys()].toSorted();
  const report = { forceDestroyedMembers, ...(await destroyStorage(deps.storage, ledger, async () => {})) };
  if (report.eventsCleared) return { ledger: await Ledger.open(deps), destroyFinished: true };
  const message = `Mob "${deps.mobId}" was being destroyed and is not yet: ${report.errors.join('; ')}`;
  throw new MobError('MOB_DESTROY_INCOMPLETE', message, {
    retryable: true,
    details: { mobId: deps.mobId, report },
  });
}
