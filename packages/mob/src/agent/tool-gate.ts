import type { ToolAccess } from '@mobkit/core/mob';

/** Whether a member may run one of its tools. It sees the others all the same. */
export function mayRun(access: ToolAccess, name: string): boolean {
  if (access.type === 'inherit') return true;
  return access.tools.includes(name) === (access.type === 'allow_list');
}
