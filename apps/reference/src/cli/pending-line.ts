import type { WirePendingApproval } from '@mobkit/rpc';

import { jsonLine, terminalLine } from './terminal-text.js';

/**
 * What waits on one line: until when (UTC), its id, who has approved it already, who wants what, and with which arguments, whole
 * and with everything in them that cannot be seen: somebody decides by it.
 */
export function pendingLine(pending: WirePendingApproval): string {
  const { pending_id: id, actor_id: actor, action, risk_tier: tier, call, approved_by: approvers } = pending;
  const until = new Date(pending.deadline_at_ms).toISOString();
  const who = pending.requested_approver === null ? '' : ` (for ${pending.requested_approver})`;
  const approved = approvers ? ` (approved by ${approvers.join(', ')})` : '';
  const line = terminalLine(`${id} until ${until}${who}${approved} ${actor}: ${action} [${tier}]`, Infinity);
  return call ? `${line} ${jsonLine(call.args)}` : line;
}
