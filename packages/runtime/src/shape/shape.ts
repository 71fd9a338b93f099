import {
  type AgentDiscoverySpec,
  checkAgentDiscoverySpecs,
  type DesiredPeerEdge,
  desiredPeerEdges,
  type DesiredShape,
  errorText,
  MobError,
} from '@mobkit/core';
import { definitionEdges, type MobHandle, spawnSpecOf } from '@mobkit/core/mob';

import { applyMembers, spawnAll } from './apply-members.js';
import type { Asked } from './desired-source.js';
import { OneAtATime } from './one-at-a-time.js';
import { makeEdges, makeRoutes } from './make-shape.js';
import { discovered, NO_EDGES, planShape } from './plan-shape.js';
import type { Drift, PlanOptions, ReconcileOptions, RuntimeShape } from './runtime-shape.js';
import type { ShapeDeps } from './shape-deps.js';
import type { ShapePlan } from './shape-plan.js';
import type { EdgesReport, RediscoverReport, ShapeReport } from './shape-report.js';

export class Shape implements RuntimeShape {
  readonly #deps: ShapeDeps;
  readonly #turns = new OneAtATime();
  /** What was asked for last of what no source says. */
  #given: Partial<DesiredShape> = {};
  bootstrapEdges?: EdgesReport;

  constructor(deps: ShapeDeps) {
    this.#deps = deps;
  }

  async plan(desired: Partial<DesiredShape> = {}, { data }: PlanOptions = {}): Promise<ShapePlan> {
    const given = checked(desired);
    return this.#plan(given, { trigger: 'reconcile', data });
  }

  reconcile(
    desired: Partial<DesiredShape> = {},
    { data, expect }: ReconcileOptions = {},
  ): Promise<ShapeReport> {
    return this.#alone('reconcile', async () => {
      const given = checked(desired);
      const plan = await this.#plan(given, { trigger: 'reconcile', data });
      if (expect !== undefined && expect !== plan.id) {
        const message = 'The plan is not what it was when it was looked at: plan again';
        throw new MobError('MOB_PLAN_STALE', message, { details: { expected: expect, actual: plan.id } });
      }
      if (!plan.empty) await this.#expectRunning();
      this.#given = { ...this.#given, ...given };
      return this.#apply(plan);
    });
  }

  reconcileEdges(): Promise<EdgesReport> {
    return this.#alone('reconcile edges', async () => {
      const desired = await this.#edgesNow({ trigger: 'reconcile' });
      const report = await makeEdges(this.#deps, desired);
      this.#tellIncomplete(report.failures.length, report.skippedMissingMembers.length);
      return report;
    });
  }

  rediscover({ data }: PlanOptions = {}): Promise<RediscoverReport | undefined> {
    return this.#alone('rediscover', async () => {
      try {
        return await this.#rediscover({ trigger: 'rediscover', data });
      } catch (error) {
        this.#deps.onError({ category: 'rediscover_failure', error: errorText(error) });
        throw error;
      }
    });
  }

  /** Reconciles with what the sources say, and where there is none with what was asked for last. @throws as `reconcile`. */
  converge(): Promise<ShapeReport> {
    const { source } = this.#deps;
    const { members, edges } = this.#given;
    return this.reconcile({
      ...(members && !source.knowsMembers && { members }),
      ...(edges && !source.knowsEdges && { edges }),
    });
  }

  onDrift(listener: (drift: Drift) => void): () => void {
    return this.#deps.driftListeners.add(listener);
  }

  /** Resolves when nothing is made any more. Never rejects. */
  settled(): Promise<void> {
    return this.#turns.settled();
  }

  async #alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    const { admission } = this.#deps;
    admission.expect(what);
    return this.#turns.run(async () => {
      admission.expect(what);
      return work();
    });
  }

  async #plan(desired: Partial<DesiredShape>, asked: Asked): Promise<ShapePlan> {
    const { mob, source, managed, table } = this.#deps;
    const members = desired.members ?? (await source.members(asked));
    const wiring = definitionEdges(mob.definition);
    const { signal } = this.#deps.admission;
    return planShape({
      mobId: mob.mobId,
      desired: members,
      routes: await table?.routes(),
      routerModuleLoaded: this.#deps.routerModuleLoaded(),
      edgesAmong: async (roster) => desired.edges ?? (await source.edges(roster.map(discovered), asked)),
      wiredOnSpawn: (roster) =>
        wiring.discoverEdges(roster.map(discovered), {
          mobId: mob.mobId,
          labels: {},
          trigger: asked.trigger,
          signal,
        }),
      // After the source of members: it may take its time.
      roster: mob.members(),
      managed: managed.edges,
    });
  }

  async #apply(plan: ShapePlan): Promise<ShapeReport> {
    const { mob, hooks, held, onError } = this.#deps;
    for (const { identity } of plan.members.retire) held.letGo(identity);
    const desired = [...plan.members.retain, ...plan.members.spawn].map(({ identity }) => identity);
    const members = { desired, ...(await applyMembers(mob, plan.members, onError)) };
    held.hold([...members.retained, ...members.spawned]);
    await hooks.postSpawn(members.spawned);
    const edges = await makeEdges(this.#deps, plan.edges === NO_EDGES ? undefined : plan.edges.desired);
    const routing = await makeRoutes(this.#deps);
    const failures = members.failures.length + edges.failures.length + routing.failures.length;
    const skipped = edges.skippedMissingMembers.length;
    const report = { mob: members, edges, routing, complete: failures + skipped === 0 };
    await hooks.postReconcile(report);
    this.#tellIncomplete(failures, skipped);
    return report;
  }

  async #rediscover(asked: Asked): Promise<RediscoverReport | undefined> {
    const { mob, source, managed, held, hooks, onError } = this.#deps;
    const specs = await source.members(asked);
    if (!specs) return undefined;
    for (const spec of specs) expectProfile(mob, spec);
    await mob.reset();
    // Afterwards: of a mob that was not reset everybody is still held.
    held.clear();
    for (const edge of managed.edges) await managed.release(edge);
    const planned = specs.map((spec) => {
      return {
        identity: spec.identity,
        role: spec.profile,
        reason: 'is discovered',
        spec: spawnSpecOf(spec),
      };
    });
    const { spawned, failures } = await spawnAll(mob, planned, onError);
    held.hold(spawned);
    await hooks.postSpawn(spawned);
    const edges = await makeEdges(this.#deps, await this.#edgesNow(asked));
    const routing = await makeRoutes(this.#deps);
    const failed = failures.length + edges.failures.length + routing.failures.length;
    this.#tellIncomplete(failed, edges.skippedMissingMembers.length);
    return { spawned, failures, edges, routing };
  }

  #edgesNow(asked: Asked): Promise<readonly DesiredPeerEdge[] | undefined> {
    return this.#deps.source.edges(this.#deps.mob.members().map(discovered), asked);
  }

  async #expectRunning(): Promise<void> {
    const { mob } = this.#deps;
    const state = await mob.status();
    if (state === 'Running') return;
    const message = `Cannot reconcile mob "${mob.mobId}": it is ${state}`;
    throw new MobError('MOB_INVALID_TRANSITION', message, { details: { state } });
  }

  #tellIncomplete(failures: number, skipped: number): void {
    if (failures + skipped === 0) return;
    this.#deps.onError({ category: 'reconcile_incomplete', failures, skipped });
  }
}

function checked({ members, edges }: Partial<DesiredShape>): Partial<DesiredShape> {
  return {
    ...(members && { members: checkAgentDiscoverySpecs(members, 'members') }),
    ...(edges && { edges: desiredPeerEdges(edges) }),
  };
}

function expectProfile({ definition }: MobHandle, { identity, profile }: AgentDiscoverySpec): void {
  if (Object.hasOwn(definition.profiles, profile)) return;
  const message = `"${identity}" should be a "${profile}", a profile the definition has not`;
  throw new MobError('MOB_PROFILE_NOT_FOUND', message, { details: { identity, profile } });
}
