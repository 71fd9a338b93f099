import type { ErrorHook } from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';
import type { RouteTable } from '@mobkit/core/ops';

import type { Admission } from '../admission.js';
import type { HookRunner } from '../hooks.js';
import type { DesiredSource } from './desired-source.js';
import type { DriftListeners } from './drift-listeners.js';
import type { HeldShape } from './held-shape.js';
import type { ManagedEdges } from './managed-edges.js';

/** What the shape of a mob is planned with and made by. */
export interface ShapeDeps {
  readonly mob: MobHandle;
  readonly source: DesiredSource;
  readonly managed: ManagedEdges;
  readonly held: HeldShape;
  readonly table: RouteTable | undefined;
  /** Whether a module `router` is loaded now. */
  readonly routerModuleLoaded: () => boolean;
  readonly driftListeners: DriftListeners;
  readonly hooks: HookRunner;
  readonly admission: Admission;
  readonly onError: ErrorHook;
}
