import type { FlowDefinition, FlowFrame, FlowStepNode } from '@mobkit/core/mob';

/** How the steps of a flow hang together: as it says, else by what each step says of itself. */
export function rootFrame({ root, steps }: FlowDefinition): FlowFrame {
  if (root) return root;
  const nodes = Object.entries(steps).map(([id, step]): [string, FlowStepNode] => {
    const { depends_on, depends_on_mode, branch } = step;
    return [
      id,
      {
        kind: 'step',
        step_id: id,
        ...(depends_on && { depends_on }),
        ...(depends_on_mode && { depends_on_mode }),
        ...(branch !== undefined && { branch }),
      },
    ];
  });
  return { nodes: Object.fromEntries(nodes) };
}
