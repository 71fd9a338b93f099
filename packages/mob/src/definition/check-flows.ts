import { findCycle, layers } from './flow-order.js';
import { known } from './check-profiles.js';
import type { CheckedDefinition } from './definition-schema.js';
import { error, type Finding, warning } from './finding.js';
import type { FlowSteps } from './flow-schema.js';
import type { Path } from './path.js';

/** Steps that may wait for each other in a row. */
const MAX_CHAIN = 32;

/** Checks the flat steps of every flow. */
export function checkFlows({ flows = {}, profiles }: CheckedDefinition): Finding[] {
  return Object.entries(flows).flatMap(([flow, { steps }]) => {
    const path = ['flows', flow, 'steps'];
    return [
      ...checkSteps(steps, path, Object.keys(profiles)),
      ...checkBranches(steps, path),
      ...checkOrder(steps, path),
    ];
  });
}

function checkSteps(steps: FlowSteps, flow: Path, roles: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  for (const [id, step] of Object.entries(steps)) {
    const path = [...flow, id];
    if (!roles.includes(step.role)) {
      const message = `There is no profile "${step.role}"${known(roles)}`;
      findings.push(error('flow_unknown_role', [...path, 'role'], message));
    }
    for (const [at, before] of (step.depends_on ?? []).entries()) {
      if (Object.hasOwn(steps, before)) continue;
      const message = `There is no step "${before}"${known(Object.keys(steps))}`;
      findings.push(error('flow_unknown_step', [...path, 'depends_on', at], message));
    }
    if (step.collection_policy?.type === 'quorum' && step.collection_policy.n < 1) {
      const message = `A quorum of ${step.collection_policy.n} waits for nobody: give it at least 1`;
      findings.push(error('quorum_invalid', [...path, 'collection_policy', 'n'], message));
    }
  }
  return findings;
}

function checkBranches(steps: FlowSteps, flow: Path): Finding[] {
  const findings: Finding[] = [];
  const groups = new Map<string, { readonly first: string; readonly dependsOn: string; size: number }>();
  for (const [id, step] of Object.entries(steps)) {
    const path = [...flow, id];
    if (step.branch !== undefined) {
      const dependsOn = JSON.stringify([...new Set(step.depends_on)].toSorted());
      const group = groups.get(step.branch) ?? { first: id, dependsOn, size: 0 };
      groups.set(step.branch, group);
      group.size += 1;
      if (step.condition === undefined) {
        const message = `Step "${id}" is in branch "${step.branch}" and has no condition to choose it by`;
        findings.push(error('branch_step_missing_condition', path, message));
      }
      if (group.dependsOn !== dependsOn) {
        const message = `Steps of branch "${step.branch}" depend on the same steps: make it those of "${group.first}"`;
        findings.push(error('branch_step_conflicting_deps', [...path, 'depends_on'], message));
      }
    }
    const joins = (step.depends_on ?? []).some(
      (before) => Object.hasOwn(steps, before) && steps[before]?.branch !== undefined,
    );
    if (step.depends_on_mode === 'any' && !joins) {
      const message = `Step "${id}" waits for any of its steps and none of them is in a branch`;
      findings.push(warning('branch_join_without_branch', [...path, 'depends_on_mode'], message));
    }
  }
  for (const [branch, { first, size }] of groups) {
    if (size > 1) continue;
    const message = `Branch "${branch}" has one step and nothing to choose from: give it another, or no branch`;
    findings.push(error('branch_group_empty', [...flow, first, 'branch'], message));
  }
  return findings;
}

function checkOrder(steps: FlowSteps, flow: Path): Finding[] {
  const dependencies = new Map(
    Object.entries(steps).map(([id, { depends_on: before = [] }]) => [
      id,
      before.filter((step) => Object.hasOwn(steps, step)),
    ]),
  );
  const cycle = findCycle(dependencies);
  if (cycle) {
    const message = `These steps wait for each other: ${cycle.join(' → ')}`;
    return [error('flow_cycle_detected', [...flow, cycle[0] ?? '', 'depends_on'], message)];
  }
  const chain = layers(dependencies).length;
  if (chain <= MAX_CHAIN) return [];
  const message = `${chain} steps wait in a row: ${MAX_CHAIN} may`;
  return [error('flow_depth_exceeded', flow, message)];
}
