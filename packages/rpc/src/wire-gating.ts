import type { ApprovalDecided, GateAuditEntry, GateEvaluation, PendingApproval } from '@mobkit/core/ops';

// Fields of the described protocol are null where they are absent; those that are ours are left out.

export function toWireEvaluation(evaluation: GateEvaluation) {
  const { actionId, action, actorId, riskTier, outcome, pendingId, fallbackReason } = evaluation;
  return {
    action_id: actionId,
    action,
    actor_id: actorId,
    risk_tier: riskTier,
    outcome,
    pending_id: pendingId ?? null,
    fallback_reason: fallbackReason ?? null,
  };
}

/** An action that waits for somebody, on the wire. */
export type WirePendingApproval = ReturnType<typeof toWirePending>;

export function toWirePending(pending: PendingApproval) {
  const { call, approvedBy } = pending;
  return {
    pending_id: pending.pendingId,
    action_id: pending.actionId,
    action: pending.action,
    actor_id: pending.actorId,
    risk_tier: pending.riskTier,
    requested_approver: pending.requestedApprover ?? null,
    approval_recipient: pending.approvalRecipient ?? null,
    approval_channel: pending.approvalChannel ?? null,
    approval_route_id: pending.approvalRouteId ?? null,
    approval_delivery_id: pending.approvalDeliveryId ?? null,
    created_at_ms: pending.createdAtMs,
    deadline_at_ms: pending.deadlineAtMs,
    ...(approvedBy && { approved_by: approvedBy }),
    ...(call && { call: { tool: call.tool, args: call.args } }),
  };
}

/** A decision, on the wire. */
export type WireApprovalDecided = ReturnType<typeof toWireDecided>;

export function toWireDecided(decided: ApprovalDecided) {
  return {
    pending_id: decided.pendingId,
    action_id: decided.actionId,
    approver_id: decided.approverId,
    decision: decided.decision,
    outcome: decided.outcome,
    decided_at_ms: decided.decidedAtMs,
    reason: decided.reason ?? null,
  };
}

/** An entry of the audit, on the wire. */
export type WireGateAuditEntry = ReturnType<typeof toWireAuditEntry>;

export function toWireAuditEntry(entry: GateAuditEntry) {
  return {
    audit_id: entry.auditId,
    timestamp_ms: entry.timestampMs,
    event_type: entry.eventType,
    action_id: entry.actionId,
    pending_id: entry.pendingId ?? null,
    actor_id: entry.actorId,
    risk_tier: entry.riskTier,
    outcome: entry.outcome,
    detail: entry.detail,
  };
}
