import { errorText } from '@mobkit/core';
import type { FlowStep, MobDefinition } from '@mobkit/core/mob';

import type { Member } from '../members/member.js';
import { collect, type Collected } from './collect.js';
import { holds } from './condition.js';
import type { FlowValues } from './flow-values.js';
import { compileSchema } from './output-schema.js';
import type { RunHistory } from './run-history.js';
import { runTarget, type TargetDeps } from './run-target.js';
import { RunFault, StepFailure } from './step-failure.js';
import { renderMessage } from './template.js';
import { mayDispatch } from './topology.js';

export interface StepDeps extends TargetDeps {
  readonly definition: MobDefinition;
  readonly values: FlowValues;
  readonly history: RunHistory;
  /** Members of a role that can work, sorted by identity. */
  readonly workers: (role: string) => readonly Member[];
}

/** What a step came to; undefined when its condition did not hold. */
export type StepOutcome = { readonly value: unknown } | undefined;

/**
 * Carries out one step, up to its output.
 *
 * @throws StepFailure, RunFault, StepCut; PathFault, MalformedReference and MobError `MOB_TEMPLATE_INVALID` for what it says;
 * why the run cannot be kept.
 */
export async function runStep(deps: StepDeps, stepId: string, step: FlowStep): Promise<StepOutcome> {
  const { values } = deps;
  if (step.condition && !holds(step.condition, values)) return undefined;
  const content = renderMessage(step.message, values);
  await checkTopology(deps, step.role);
  const targets = targetsOf(deps, stepId, step);
  const unneeded = new AbortController();
  const results = targets.map(({ entry: { identity } }) =>
    runTarget(deps, { stepId, step, identity, content, unneeded: unneeded.signal }),
  );
  const policy = step.collection_policy ?? { type: 'all' };
  const over = () => unneeded.abort();
  const collected = await collect(results, policy, over).finally(over);
  if (collected.failure !== undefined) throw new StepFailure(collected.failure);
  const value = aggregate(step, collected);
  checkSchema(step, value);
  return { value };
}

async function checkTopology(deps: StepDeps, toRole: string): Promise<void> {
  const { topology, orchestrator } = deps.definition;
  if (!topology || !orchestrator || mayDispatch(topology, orchestrator.profile, toRole)) return;
  await deps.history.violated(orchestrator.profile, toRole);
  if (topology.mode === 'strict') {
    throw new RunFault(`the topology does not let "${orchestrator.profile}" give work to "${toRole}"`);
  }
}

function targetsOf({ workers }: StepDeps, stepId: string, step: FlowStep): readonly Member[] {
  const all = workers(step.role);
  const targets = step.dispatch_mode === 'one_to_one' ? all.slice(0, 1) : all;
  const { collection_policy: policy } = step;
  if (policy?.type === 'quorum' && targets.length < policy.n) {
    const there = `${targets.length} of role "${step.role}" can work`;
    throw new RunFault(`insufficient targets for step "${stepId}": it needs ${policy.n}, ${there}`);
  }
  if (targets.length === 0) {
    throw new StepFailure(`insufficient targets: no member of role "${step.role}" can work`);
  }
  if (step.allowed_tools ?? step.blocked_tools) {
    const own = targets.find(({ entry }) => entry.runtimeMode === 'autonomous_host')?.entry.identity;
    if (own !== undefined) {
      throw new StepFailure(
        `tools cannot be chosen for "${own}": it works on its own, only turn-driven members have such turns`,
      );
    }
  }
  return targets;
}

function aggregate(
  { dispatch_mode: mode, collection_policy: policy }: FlowStep,
  { answered, first }: Collected,
): unknown {
  if (mode === 'fan_in') return answered.map(({ identity, value }) => ({ target: identity, output: value }));
  if (policy?.type === 'any') return first?.value;
  return Object.fromEntries(answered.map(({ identity, value }) => [identity, value]));
}

function checkSchema({ expected_schema_ref: schema }: FlowStep, value: unknown): void {
  if (schema === undefined) return;
  let problem: string | undefined;
  try {
    problem = compileSchema(schema)(value);
  } catch (error) {
    problem = errorText(error);
  }
  if (problem !== undefined) throw new StepFailure(`the output does not match the schema: ${problem}`);
}
