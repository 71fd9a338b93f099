import type { FlowCondition, FlowFrame, FlowNode } from '@mobkit/core/mob';

import { known } from './check-profiles.js';
import { checkReferences } from './check-flow-references.js';
import { checkSchemas } from './check-flow-schemas.js';
import type { CheckedDefinition } from './definition-schema.js';
import { error, type Finding, warning } from './finding.js';
import { findCycle, layers } from './flow-order.js';
import type { CheckedFlow, FlowSteps } from './flow-schema.js';
import type { Path } from './path.js';

/** Steps that may wait for each other in a row. */
const MAX_CHAIN = 32;

/** Loops that may stand inside each other. */
const MAX_NESTING = 32;

/** Checks every flow: its steps, how they hang together, what they refer to. */
export function checkFlows({ flows = {}, profiles, limits = {} }: CheckedDefinition): Finding[] {
  const roles = Object.keys(profiles);
  return Object.entries(flows).flatMap(([id, flow]) => {
    const path = ['flows', id];
    return [
      ...checkSteps(flow.steps, [...path, 'steps'], roles),
      ...(flow.root ? checkRoot(flow, flow.root, path, limits.max_frame_depth) : checkFlat(flow, path)),
      ...checkSchemas(flow.steps, [...path, 'steps']),
      ...checkReferences(flow, path),
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
    if (step.collection_policy?.type === 'quorum' && step.collection_policy.n < 1) {
      const message = `A quorum of ${step.collection_policy.n} waits for nobody: give it at least 1`;
      findings.push(error('quorum_invalid', [...path, 'collection_policy', 'n'], message));
    }
  }
  return findings;
}

function checkFlat({ steps }: CheckedFlow, flow: Path): Finding[] {
  return checkNodes(new Map(Object.entries(steps)), [...flow, 'steps']);
}

/** A step of a flat flow, or a node of a frame. */
interface Node {
  readonly depends_on?: readonly string[];
  readonly depends_on_mode?: 'all' | 'any';
  readonly branch?: string;
  readonly condition?: FlowCondition;
}

function checkNodes(nodes: ReadonlyMap<string, Node>, path: Path): Finding[] {
  return [...checkDependencies(nodes, path), ...checkBranches(nodes, path), ...checkOrder(nodes, path)];
}

function checkDependencies(nodes: ReadonlyMap<string, Node>, path: Path): Finding[] {
  const findings: Finding[] = [];
  for (const [id, node] of nodes) {
    for (const [at, before] of (node.depends_on ?? []).entries()) {
      if (nodes.has(before)) continue;
      const message = `There is no step "${before}"${known([...nodes.keys()])}`;
      findings.push(error('flow_unknown_step', [...path, id, 'depends_on', at], message));
    }
  }
  return findings;
}

function checkBranches(nodes: ReadonlyMap<string, Node>, flow: Path): Finding[] {
  const findings: Finding[] = [];
  const groups = new Map<string, { readonly first: string; readonly dependsOn: string; size: number }>();
  for (const [id, node] of nodes) {
    const path = [...flow, id];
    if (node.branch !== undefined) {
      const dependsOn = JSON.stringify([...new Set(node.depends_on)].toSorted());
      const group = groups.get(node.branch) ?? { first: id, dependsOn, size: 0 };
      groups.set(node.branch, group);
      group.size += 1;
      if (node.condition === undefined) {
        const message = `Step "${id}" is in branch "${node.branch}" and has no condition to choose it by`;
        findings.push(error('branch_step_missing_condition', path, message));
      }
      if (group.dependsOn !== dependsOn) {
        const message = `Steps of branch "${node.branch}" depend on the same steps: make it those of "${group.first}"`;
        findings.push(error('branch_step_conflicting_deps', [...path, 'depends_on'], message));
      }
    }
    const joins = (node.depends_on ?? []).some((before) => nodes.get(before)?.branch !== undefined);
    if (node.depends_on_mode === 'any' && !joins) {
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

function checkOrder(nodes: ReadonlyMap<string, Node>, flow: Path): Finding[] {
  const dependencies = new Map(
    [...nodes].map(([id, { depends_on: before = [] }]) => [id, before.filter((step) => nodes.has(step))]),
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

function checkRoot(flow: CheckedFlow, root: FlowFrame, path: Path, allowed = 0): Finding[] {
  const findings: Finding[] = [];
  const deepest = Math.min(allowed || MAX_NESTING, MAX_NESTING);
  const steps = new Set<string>();
  const loops = new Set<string>();
  const once = (seen: Set<string>, what: string, id: string, at: Path) => {
    // Outputs are found by these names, wherever in the flow they stand.
    if (seen.has(id))
      findings.push(error('flow_cycle_detected', at, `${what} "${id}" stands in the flow twice`));
    seen.add(id);
  };
  const checkNode = (node: FlowNode, at: Path, nesting: number) => {
    if (node.kind === 'step') {
      if (Object.hasOwn(flow.steps, node.step_id))
        return once(steps, 'Step', node.step_id, [...at, 'step_id']);
      const message = `There is no step "${node.step_id}"${known(Object.keys(flow.steps))}`;
      return findings.push(error('flow_unknown_step', [...at, 'step_id'], message));
    }
    once(loops, 'Loop', node.loop_id, [...at, 'loop_id']);
    if (node.max_iterations < 1) {
      const message = `A loop of ${node.max_iterations} iterations does nothing: give it at least 1`;
      findings.push(error('quorum_invalid', [...at, 'max_iterations'], message));
    }
    if (nesting >= deepest) {
      const message = `${nesting + 1} loops stand inside each other: ${deepest} may`;
      return findings.push(error('flow_depth_exceeded', [...at, 'body'], message));
    }
    return checkFrame(node.body, [...at, 'body'], nesting + 1);
  };
  const checkFrame = ({ nodes }: FlowFrame, at: Path, nesting: number) => {
    if (Object.keys(nodes).length === 0) {
      findings.push(error('flow_frame_empty', [...at, 'nodes'], 'There is nothing to do: give it a node'));
    }
    const withConditions = Object.entries(nodes).map(([id, node]): [string, Node] => {
      if (node.kind === 'repeat_until') return [id, node];
      const condition = Object.hasOwn(flow.steps, node.step_id) && flow.steps[node.step_id]?.condition;
      return [id, { ...node, ...(condition && { condition }) }];
    });
    findings.push(...checkNodes(new Map(withConditions), [...at, 'nodes']));
    for (const [id, node] of Object.entries(nodes)) checkNode(node, [...at, 'nodes', id], nesting);
  };
  checkFrame(root, [...path, 'root'], 0);
  for (const [id, step] of Object.entries(flow.steps)) {
    if (!steps.has(id)) {
      const message = `Step "${id}" has no place in the flow's root: give it a node`;
      findings.push(error('flow_unknown_step', [...path, 'steps', id], message));
    }
    for (const key of ['depends_on', 'depends_on_mode', 'branch'] as const) {
      if (step[key] === undefined) continue;
      const message = 'Nothing reads this key in a flow with a root: put it on the node';
      findings.push(warning('unknown_key', [...path, 'steps', id, key], message));
    }
  }
  return findings;
}
