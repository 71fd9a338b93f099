import { type DesiredPeerEdge, errorText } from '@mobkit/core';
import { spawnSpecOf } from '@mobkit/core/mob';

import type { Rollback } from '../rollback.js';
import { EdgeSet } from './edge-set.js';
import { inParallel } from './in-parallel.js';
import { makeEdges, makeRoutes } from './make-shape.js';
import type { ShapeParts } from './open-shape.js';
import { discovered } from './plan-shape.js';

export interface BeginOptions {
  readonly rollback: Rollback;
  /** Throws when the start was given up. */
  readonly goOn: () => void;
}

/**
 * Brings a mob that starts to the shape its sources say: spawns who is missing, and wires. Nobody is retired: whoever is there and
 * not desired stands in the plan.
 *
 * @throws what the sources throw, and the first error of a spawn; what was done until then is undone by `rollback`. Wires that
 * cannot be made are no reason not to start: they are told as `reconcile_incomplete`.
 */
export async function beginShape(
  { shape, shapeDeps }: ShapeParts,
  { rollback, goOn }: BeginOptions,
): Promise<void> {
  const { mob, source, managed, held, hooks, onError, table } = shapeDeps;
  const asked = { trigger: 'bootstrap' } as const;
  const specs = (await source.members(asked)) ?? [];
  goOn();

  const missing = specs.filter(({ identity }) => !mob.member(identity));
  if (missing.length > 0) {
    // Whoever is there: a spawn of many that fails as a whole does not say whom it left.
    const left = () => missing.filter(({ identity }) => mob.member(identity));
    rollback.add(() => undoEach(left(), ({ identity }) => mob.retire(identity)));
    const outcomes = await mob.spawnMany(missing.map(spawnSpecOf));
    const spawned = outcomes.filter((outcome) => 'member' in outcome).map(({ identity }) => identity);
    const failed = outcomes.find((outcome) => 'error' in outcome);
    if (failed && 'error' in failed) throw failed.error;
    goOn();
    await hooks.postSpawn(spawned);
    goOn();
  }
  held.hold(specs.map(({ identity }) => identity));

  const desired = await source.edges(mob.members().map(discovered), asked);
  goOn();
  if (desired) {
    const ours = new EdgeSet(managed.edges);
    const edges = await makeEdges(shapeDeps, desired);
    shape.bootstrapEdges = edges;
    const rewire = async (edge: DesiredPeerEdge) => {
      await managed.claim(edge);
      await mob.wire(edge.a, edge.b);
    };
    const unwire = async (edge: DesiredPeerEdge) => {
      await mob.unwire(edge.a, edge.b);
      if (!ours.has(edge)) await managed.release(edge);
    };
    rollback.add(() => undoEach(edges.unwiredEdges, rewire));
    rollback.add(() => undoEach(edges.wiredEdges, unwire));
    const [failures, skipped] = [edges.failures.length, edges.skippedMissingMembers.length];
    if (failures + skipped > 0) onError({ category: 'reconcile_incomplete', failures, skipped });
    goOn();
  }
  if (table) {
    const before = await table.routes();
    const { addedRouteKeys, removedRouteKeys } = await makeRoutes(shapeDeps);
    const gone = new Set(removedRouteKeys);
    const removed = before.filter(({ routeKey }) => gone.has(routeKey));
    rollback.add(() => undoEach(removed, (route) => table.put(route)));
    rollback.add(() => undoEach(addedRouteKeys, (routeKey) => table.delete(routeKey)));
  }
}

/** One that cannot be undone keeps no other. @throws Error that says how many, and why the first. */
async function undoEach<T>(items: readonly T[], undo: (item: T) => Promise<unknown>): Promise<void> {
  const outcomes = await inParallel(items, async (item) => {
    try {
      await undo(item);
      return undefined;
    } catch (error) {
      return errorText(error);
    }
  });
  const [first, ...others] = outcomes.filter((failure) => failure !== undefined);
  if (first === undefined) return;
  throw new Error(others.length > 0 ? `${first}, and ${others.length} more` : first);
}
