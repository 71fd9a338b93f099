import type { Clock, ErrorHook } from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';

import type { Admission } from '../admission.js';
import type { CallbackGuard } from '../callback-guard.js';
import type { HookRunner } from '../hooks.js';
import { Roster } from '../roster/roster.js';
import type { RuntimeParts } from '../runtime-parts.js';
import type { StructuralBroadcast } from '../structural-broadcast.js';
import { DesiredSource } from './desired-source.js';
import { DriftListeners } from './drift-listeners.js';
import { DriftWatch } from './drift-watch.js';
import { HeldShape } from './held-shape.js';
import { ManagedEdges } from './managed-edges.js';
import type { ShapeDeps } from './shape-deps.js';
import { Shape } from './shape.js';

export interface OpenShapeDeps extends Pick<
  RuntimeParts,
  'metadata' | 'discovery' | 'edgeDiscovery' | 'modules' | 'router' | 'reconcile'
> {
  readonly mob: MobHandle;
  readonly hooks: HookRunner;
  readonly admission: Admission;
  readonly broadcast: StructuralBroadcast;
  readonly guard: CallbackGuard;
  readonly onError: ErrorHook;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** What keeps the shape of a mob. */
export interface ShapeParts {
  readonly roster: Roster;
  readonly shape: Shape;
  readonly drift: DriftWatch;
  readonly shapeDeps: ShapeDeps;
}

/** Puts it together; nothing is changed or followed yet. @throws what the store throws. */
export async function openShape(deps: OpenShapeDeps): Promise<ShapeParts> {
  const { mob, metadata, discovery, edgeDiscovery, router, hooks, admission, onError, clock } = deps;
  const [held, driftListeners] = [new HeldShape(), new DriftListeners(deps.guard)];
  const { mobId } = mob;
  const source = new DesiredSource({
    mobId,
    metadata,
    discovery,
    edgeDiscovery,
    clock,
    timeoutMs: deps.timeoutMs,
    signal: admission.signal,
  });
  const managed = await ManagedEdges.open(mobId, metadata, admission);
  const own = { mob, held, hooks, admission, onError };
  const routerModuleLoaded = () => deps.modules?.loaded().includes('router') ?? false;
  const shapeDeps = { ...own, source, managed, table: router?.table, routerModuleLoaded, driftListeners };
  const shape = new Shape(shapeDeps);
  const drift = new DriftWatch({
    mob,
    shape,
    held,
    listeners: driftListeners,
    broadcast: deps.broadcast,
    guard: deps.guard,
    discovery,
    edgeDiscovery,
    mode: deps.reconcile?.mode ?? 'report',
    onError,
    clock,
  });
  return { roster: new Roster(own), shape, drift, shapeDeps };
}
