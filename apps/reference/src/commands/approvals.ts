import type { WireApprovalDecided, WireGateAuditEntry, WirePendingApproval } from '@mobkit/rpc';

import type { ApprovalsCommand } from '../cli/command.js';
import { pendingLine } from '../cli/pending-line.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import { expectServer } from '../server/server-client.js';

/** Prints what waits for somebody and what was decided, and decides, on the running server. */
export async function approvals(command: ApprovalsCommand): Promise<number> {
  const server = await expectServer(command.state);
  const show = <T>(things: readonly T[], line: (thing: T) => string) => {
    for (const thing of things) console.log(command.json ? jsonLine(thing) : line(thing));
  };
  switch (command.name) {
    case 'approvals': {
      const { pending } = await server.call<{ readonly pending: readonly WirePendingApproval[] }>(
        'mobkit/gating/pending',
        {},
      );
      show(pending, pendingLine);
      return 0;
    }
    case 'audit': {
      const { entries } = await server.call<{ readonly entries: readonly WireGateAuditEntry[] }>(
        'mobkit/gating/audit',
        { limit: command.limit },
      );
      show(entries, auditLine);
      return 0;
    }
    case 'approve':
    case 'reject': {
      const { pendingId: pending_id, by: approver_id, reason, name: decision } = command;
      const asked = { pending_id, approver_id, decision, reason };
      show([await server.call<WireApprovalDecided>('mobkit/gating/decide', asked)], decidedLine);
      return 0;
    }
  }
}

function decidedLine({ pending_id: id, decision, outcome, approver_id: by }: WireApprovalDecided): string {
  const more = outcome === 'pending_approval' ? ', others have to approve as well' : '';
  return terminalLine(`${id}: ${decision} by ${by}, ${outcome}${more}`, 400);
}

function auditLine(entry: WireGateAuditEntry): string {
  const { timestamp_ms: atMs, event_type: type, actor_id: actor, risk_tier: tier, outcome, detail } = entry;
  const about = entry.pending_id ?? entry.action_id;
  const time = new Date(atMs).toISOString();
  return terminalLine(
    `${time} ${type} ${about} ${actor} [${tier}] ${outcome} ${JSON.stringify(detail)}`,
    400,
  );
}
