import { type DesiredPeerEdge, errorText, isMobError } from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';

import { inParallel } from './in-parallel.js';
import type { ManagedEdges } from './managed-edges.js';
import type { EdgePlan, PlannedEdge, PlannedWire } from './shape-plan.js';
import type { EdgeFailure, EdgesReport } from './shape-report.js';

/** Wires of one entry of the ledger: one of more would hold the store up. */
const BATCH = 1_000;

/** What one wire alone is to blame for: the others of its batch may still be wired. */
const OF_ONE_EDGE = ['MOB_MEMBER_BROKEN', 'MOB_MEMBER_NOT_FOUND', 'MOB_WIRING_INVALID'] as const;

export interface EdgeTools {
  readonly mob: MobHandle;
  readonly managed: ManagedEdges;
}

/** Makes the wires what the plan says. Never rejects: what failed is in the report and stands in the next plan again. */
export async function applyEdges(tools: EdgeTools, plan: EdgePlan): Promise<EdgesReport> {
  const wired = await wireAll(tools, plan.wire);
  const unwired = await inParallel(plan.unwire, (planned) => unwire(tools, planned));
  const forgotten = await inParallel(plan.forget, (planned) => forget(tools, planned));
  const failures = [...wired, ...unwired, ...forgotten].filter((failure) => failure !== undefined);
  const done = (planned: readonly PlannedEdge[], outcomes: readonly unknown[]) =>
    planned.filter((_, at) => outcomes[at] === undefined).map(edgeOf);
  return {
    desiredEdges: plan.desired,
    wiredEdges: done(plan.wire, wired),
    unwiredEdges: done(plan.unwire, unwired),
    retainedEdges: plan.retain.map(edgeOf),
    preexistingEdges: plan.preexisting.map(edgeOf),
    skippedMissingMembers: plan.skip.map(edgeOf),
    prunedStaleManagedEdges: done(plan.forget, forgotten),
    failures,
    complete: failures.length === 0 && plan.skip.length === 0,
  };
}

/** Answers for each what kept it from being wired. */
async function wireAll(
  tools: EdgeTools,
  planned: readonly PlannedWire[],
): Promise<readonly (EdgeFailure | undefined)[]> {
  const outcomes: (EdgeFailure | undefined)[] = [];
  for (let from = 0; from < planned.length; from += BATCH) {
    outcomes.push(...(await wireBatch(tools, planned.slice(from, from + BATCH))));
  }
  return outcomes;
}

async function wireBatch(tools: EdgeTools, planned: readonly PlannedWire[]) {
  const { mob, managed } = tools;
  const outcomes = await claimAll(managed, planned);
  const claimed = planned.filter((_, at) => outcomes[at] === undefined);
  const failed = new Map<PlannedWire, EdgeFailure>();
  try {
    if (claimed.length > 0) await mob.wireMany(claimed.map(edgeOf));
  } catch (error) {
    const ofOne = isOfOne(error);
    for (const edge of claimed) {
      // Of a failure of all nobody knows whether it was kept: the claim stays, and the next reconcile finds out.
      const failure = ofOne
        ? await wireAlone(tools, edge)
        : { edge: edgeOf(edge), operation: wireOperation(edge), error: errorText(error) };
      if (failure) failed.set(edge, failure);
    }
  }
  return planned.map((edge, at) => outcomes[at] ?? failed.get(edge));
}

/** Answers for each what kept it from being claimed. */
async function claimAll(managed: ManagedEdges, planned: readonly PlannedWire[]) {
  // Those to heal are claimed already.
  const fresh = planned.filter(({ heal }) => !heal);
  try {
    await managed.claim(...fresh);
    return [];
  } catch {
    // One of them may be to blame.
    return inParallel(planned, async (edge) =>
      edge.heal ? undefined : failureOf(edge, wireOperation(edge), () => managed.claim(edge)),
    );
  }
}

async function wireAlone({ mob, managed }: EdgeTools, edge: PlannedWire): Promise<EdgeFailure | undefined> {
  return failureOf(edge, wireOperation(edge), async () => {
    try {
      await mob.wire(edge.a, edge.b);
    } catch (error) {
      // A claim that cannot be taken back is to a wire that is not there: the next reconcile sees to it.
      if (!edge.heal && isOfOne(error)) await managed.release(edge).catch(() => {});
      throw error;
    }
  });
}

async function unwire({ mob, managed }: EdgeTools, planned: PlannedEdge): Promise<EdgeFailure | undefined> {
  return failureOf(planned, 'unwire', async () => {
    await mob.unwire(planned.a, planned.b);
    await managed.release(planned);
  });
}

async function forget({ managed }: EdgeTools, planned: PlannedEdge): Promise<EdgeFailure | undefined> {
  return failureOf(planned, 'unwire', () => managed.release(planned));
}

function wireOperation({ heal }: PlannedWire): EdgeFailure['operation'] {
  return heal ? 'wire (heal)' : 'wire';
}

function isOfOne(error: unknown): boolean {
  return OF_ONE_EDGE.some((code) => isMobError(error, code));
}

async function failureOf(
  planned: PlannedEdge,
  operation: EdgeFailure['operation'],
  work: () => Promise<void>,
): Promise<EdgeFailure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { edge: edgeOf(planned), operation, error: errorText(error) };
  }
}

function edgeOf({ a, b }: DesiredPeerEdge): DesiredPeerEdge {
  return { a, b };
}
