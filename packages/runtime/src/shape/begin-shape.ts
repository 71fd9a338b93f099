import { spawnSpecOf } from '@mobkit/core/mob';

import type { Rollback } from '../rollback.js';
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
    rollback.add(() => retireThose(shapeDeps, spawned));
    const spawned: string[] = [];
    const outcomes = await mob.spawnMany(missing.map(spawnSpecOf));
    spawned.push(...outcomes.filter((outcome) => 'member' in outcome).map(({ identity }) => identity));
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
    const edges = await makeEdges(shapeDeps, desired);
    shape.bootstrapEdges = edges;
    rollback.add(async () => {
      for (const edge of edges.wiredEdges) {
        await mob.unwire(edge.a, edge.b);
        await managed.release(edge);
      }
    });
    const [failures, skipped] = [edges.failures.length, edges.skippedMissingMembers.length];
    if (failures + skipped > 0) onError({ category: 'reconcile_incomplete', failures, skipped });
    goOn();
  }
  if (table) await makeRoutes(shapeDeps);
}

async function retireThose({ mob }: ShapeParts['shapeDeps'], identities: readonly string[]): Promise<void> {
  for (const identity of identities) await mob.retire(identity);
}
