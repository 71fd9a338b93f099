import { type FlowFrame, type FlowNode } from '@mobkit/core/mob';
import { errorText } from '@mobkit/core';

import { pathsIn } from '../flows/condition.js';
import { parseReference, type Reference } from '../flows/reference.js';
import { parseTemplate, templatesIn } from '../flows/template.js';
import { known } from './check-profiles.js';
import { type Finding, warning } from './finding.js';
import type { CheckedFlow } from './flow-schema.js';
import type { Path } from './path.js';

/**
 * Looks into templates and conditions. Warnings only: the step that uses a broken one fails when its turn comes, and the
 * rest of the flow does what it says.
 */
export function checkReferences({ steps, root }: CheckedFlow, flow: Path): Finding[] {
  const findings: Finding[] = [];
  const loops = root ? loopsIn(root, [...flow, 'root']) : [];
  const names = { steps: Object.keys(steps), loops: loops.map(({ node }) => node.loop_id) };
  const checkReference = (reference: Reference, at: Path) => {
    if (reference.root === 'params') return;
    const { stepId } = reference;
    const wrong = (what: string, id: string, there: readonly string[]) =>
      findings.push(
        warning('flow_invalid_reference', at, `It names ${what} "${id}", which is none${known(there)}`),
      );
    if (reference.root === 'loops' && !names.loops.includes(reference.loopId)) {
      wrong('loop', reference.loopId, names.loops);
    }
    if (!names.steps.includes(stepId)) wrong('step', stepId, names.steps);
  };
  const checkPath = (path: string, at: Path) => {
    try {
      checkReference(parseReference(path), at);
    } catch (error) {
      findings.push(warning('flow_invalid_reference', at, errorText(error)));
    }
  };
  for (const [id, { message, condition }] of Object.entries(steps)) {
    const path = [...flow, 'steps', id];
    for (const text of templatesIn(message)) {
      try {
        for (const part of parseTemplate(text).parts) {
          if (typeof part !== 'string') checkPath(part.path, [...path, 'message']);
        }
      } catch (error) {
        findings.push(warning('flow_invalid_template', [...path, 'message'], errorText(error)));
      }
    }
    if (condition) for (const each of pathsIn(condition)) checkPath(each, [...path, 'condition']);
  }
  for (const { node, path } of loops) {
    for (const each of pathsIn(node.until)) checkPath(each, [...path, 'until']);
  }
  return findings;
}

type Loop = Extract<FlowNode, { readonly kind: 'repeat_until' }>;

function loopsIn({ nodes }: FlowFrame, frame: Path): readonly { readonly node: Loop; readonly path: Path }[] {
  return Object.entries(nodes).flatMap(([id, node]) => {
    const path = [...frame, 'nodes', id];
    if (node.kind === 'step') return [];
    return [{ node, path }, ...loopsIn(node.body, [...path, 'body'])];
  });
}
