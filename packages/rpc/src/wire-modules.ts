import type { ModuleHealthTransition, ModuleStatus } from '@mobkit/core/ops';

/** How a module is, as clients read it. */
export function toWireModule(status: ModuleStatus) {
  const { moduleId, state, boundary, loaded, pid, restarts, stderrTail, error } = status;
  return {
    module_id: moduleId,
    ...(state && { state }),
    boundary,
    loaded,
    ...(pid !== undefined && { pid }),
    restarts,
    stderr_tail: stderrTail,
    ...(error !== undefined && { error }),
  };
}

/** A module, spelt as on the wire. */
export type WireModule = ReturnType<typeof toWireModule>;

export function toWireTransition({ moduleId, from, to, attempt }: ModuleHealthTransition) {
  return { module_id: moduleId, from: from ?? null, to, attempt };
}
