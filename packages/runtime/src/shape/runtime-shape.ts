import type { DesiredShape, JsonValue } from '@mobkit/core';

import type { EdgesReport, RediscoverReport, ShapeReport } from './shape-report.js';
import type { ShapePlan } from './shape-plan.js';

/**
 * Brings the mob to the shape it should have, and tells how far it is from it. Changes are made one call at a time: what is asked
 * for meanwhile waits its turn.
 *
 * Once `shutdown` was called everything throws `MOB_SHUTTING_DOWN`, `plan` when it has to ask a source. All throw what the sources of the shape answer with:
 * `MOB_DISCOVERY_INVALID`, `MOB_DISCOVERY_UNAVAILABLE` (retryable), `MOB_WIRING_INVALID`; then nothing was changed.
 */
export interface RuntimeShape {
  /**
   * Says what `reconcile` would do, and does nothing.
   *
   * @param desired - The parts that are absent are asked of the sources the runtime was given; without one, everybody stays, or no
   * wire is touched.
   */
  plan(desired?: Partial<DesiredShape>, options?: PlanOptions): Promise<ShapePlan>;

  /**
   * Does what `plan` says: retires, spawns, wires and unwires, then gives every working member a route where there is a router that
   * takes routes. One item that fails keeps no other; the report says which, `complete` whether all is well, and what is left
   * stands in the next plan. Each member that cannot be spawned is told as `spawn_failure`, and what is incomplete as
   * `reconcile_incomplete`. Afterwards the hooks are called, `postSpawn` for those that were spawned.
   *
   * A member that was retired on purpose comes back when the source still names it: what the source says wins.
   *
   * @throws MobError `MOB_PLAN_STALE` when `expect` is given and the plan is another one now; `MOB_INVALID_TRANSITION` when the mob
   * is not Running and there is something to do; `MOB_CONFLICT` (retryable) when too many calls wait.
   */
  reconcile(desired?: Partial<DesiredShape>, options?: ReconcileOptions): Promise<ShapeReport>;

  /**
   * Reconciles the wires alone with what the source of edges says now; an empty report when there is none. Tells
   * `reconcile_incomplete`.
   *
   * @throws as `reconcile`.
   */
  reconcileEdges(): Promise<EdgesReport>;

  /**
   * Starts anew: discovers and checks who should exist, and only then resets the mob, spawns them and wires them. Undefined when there
   * is no source of members. A failure is told as `rediscover_failure`.
   *
   * @throws MobError `MOB_PROFILE_NOT_FOUND` for a member of a profile there is not; as `reconcile`, and as `MobLifecycle.reset`.
   */
  rediscover(options?: PlanOptions): Promise<RediscoverReport | undefined>;

  /** What became of the edges at the start; absent when nobody said which are desired. */
  readonly bootstrapEdges?: EdgesReport;

  /**
   * Calls `listener` with what was changed behind the runtime's back, or is desired otherwise now. A listener that throws is
   * counted and named in the shutdown report. Returns what ends it.
   */
  onDrift(listener: (drift: Drift) => void): () => void;
}

/** What a plan is made with. */
export interface PlanOptions {
  /** Passed on to the sources. */
  readonly data?: JsonValue;
}

/** What a reconcile is done with. */
export interface ReconcileOptions extends PlanOptions {
  /** The `id` of the plan that was looked at: another one is refused. */
  readonly expect?: string;
}

/** `missing`: members or wires that we keep are gone. `desired_changed`: a source says that it would answer otherwise now. */
export type Drift =
  | {
      readonly type: 'missing';
      readonly members: readonly string[];
      readonly edges: readonly { readonly a: string; readonly b: string }[];
    }
  | { readonly type: 'desired_changed' };

/** Whether what drifted is brought back. */
export interface ReconcileSettings {
  /**
   * `report`: drift is told. `converge`: it is told, and a reconcile is started, one for all that drifted meanwhile, again with
   * growing pauses while it fails. Members that come beside the desired ones are no drift.
   *
   * @defaultValue `report`
   */
  readonly mode?: 'report' | 'converge';
}
