import type {
  FlowDefinition,
  FlowRun,
  FlowStep,
  Incarnation,
  MobDefinition,
  MobHandle,
} from '@mobkit/core/mob';

import { ledgerOf, openTestMob, testDefinition, type TestMobOptions } from './open-test-mob.js';

/** A step for the worker role, with what a test cares about. */
export function step(message: string, more: Partial<FlowStep> = {}): FlowStep {
  return { role: 'worker', message, ...more };
}

export interface FlowMobOptions extends TestMobOptions {
  /** Members of the role `worker`. @defaultValue `a` and `b` */
  readonly workers?: readonly string[];
  readonly more?: Partial<MobDefinition>;
}

/** Opens a mob with one flow `f` and its workers. */
export async function openFlowMob(flow: FlowDefinition, options: FlowMobOptions = {}) {
  const { workers = ['a', 'b'], more, ...rest } = options;
  const definition: MobDefinition = { ...testDefinition, ...more, flows: { f: flow } };
  const opened = await openTestMob({ definition, ...rest });
  await opened.mob.spawnMany(workers.map((identity) => ({ identity, profile: 'worker' })));
  return opened;
}

/** Runs flow `f` to its end. */
export async function runToEnd(mob: MobHandle, params?: unknown): Promise<FlowRun> {
  return mob.flowEnd(await mob.runFlow('f', params));
}

/** What the ledger tells of flows, in short: `step_dispatched draft a:0`. */
export async function flowEvents(mob: MobHandle): Promise<readonly string[]> {
  const events = await ledgerOf(mob);
  return events.flatMap(({ kind }) => {
    if (!/^(flow|step|topology|supervisor)_/.test(kind.type)) return [];
    const { step_id, target, escalated_to, from_role, to_role, reason } = kind as Told;
    const told = [
      kind.type,
      step_id,
      target && `${target.identity}:${target.generation}`,
      escalated_to,
      from_role && `${from_role}->${to_role ?? ''}`,
      reason && `(${reason})`,
    ];
    return [told.filter((part) => part !== undefined).join(' ')];
  });
}

/** Whatever a kind may tell. */
interface Told {
  readonly step_id?: string;
  readonly target?: Incarnation;
  readonly escalated_to?: string;
  readonly from_role?: string;
  readonly to_role?: string;
  readonly reason?: string;
}
