import type { TopologyPolicy } from '@mobkit/core/mob';

/** Whether one role may give work to another. The last rule that matches decides; without one it may. */
export function mayDispatch({ rules }: TopologyPolicy, fromRole: string, toRole: string): boolean {
  const matches = (pattern: string, role: string) => pattern === '*' || pattern === role;
  const rule = rules.findLast(
    ({ from_role, to_role }) => matches(from_role, fromRole) && matches(to_role, toRole),
  );
  return rule?.allowed ?? true;
}
