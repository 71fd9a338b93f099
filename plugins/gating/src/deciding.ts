import { type Clock, isMobError, MobError } from '@mobkit/core';
import type { ApprovalDecided, ApprovalDecision, GateCaller } from '@mobkit/core/ops';

import type { Approval, Approvals, KeptApproval } from './approvals.js';
import type { GateWrites } from './gate-writes.js';

export interface DecidingDeps {
  readonly approvals: Approvals;
  readonly writes: GateWrites;
  readonly clock: Clock;
  /** Absent: whoever wants to. */
  readonly approvers?: readonly string[] | undefined;
  /** How many have to approve. */
  readonly quorum: number;
  /** Told of every approval that was decided, also by time. */
  readonly onDecided: (pendingId: string) => void;
}

/** Takes decisions about what waits. */
export class Deciding {
  readonly #deps: DecidingDeps;

  constructor(deps: DecidingDeps) {
    this.#deps = deps;
  }

  /** @throws MobError as `Gate.decide`. */
  async decide(given: ApprovalDecision, caller?: GateCaller): Promise<ApprovalDecided> {
    const { approvals, clock } = this.#deps;
    for (;;) {
      const kept = await approvals.get(given.pendingId);
      if (!kept || kept.approval.verdict) throw notFound(given.pendingId);
      const nowMs = clock.now();
      try {
        if (nowMs >= kept.approval.deadlineAtMs) {
          await this.expire(kept);
          throw notFound(given.pendingId);
        }
        const refusal = this.#refusal(kept.approval, given, caller);
        if (refusal) {
          await this.#refuse(kept.approval, given, refusal);
          throw refusal;
        }
        return await this.#take(kept, given, nowMs);
      } catch (error) {
        // Somebody else has decided, or it was announced: look again.
        if (!isMobError(error, 'MOB_CONFLICT')) throw error;
      }
    }
  }

  /** Ends one whose deadline has passed. @throws MobError `MOB_CONFLICT` when it is another by now. */
  async expire(kept: KeptApproval): Promise<void> {
    const reason = 'approval_timeout';
    const detail = { fallback: 'safe_draft', reason };
    await this.#end(
      kept,
      { eventType: 'timeout_fallback', outcome: 'safe_draft', detail },
      'Nobody decided in time',
    );
  }

  /** Ends one that nobody needs any more. @throws as `expire`. */
  async withdraw(kept: KeptApproval): Promise<void> {
    const { approvals, writes, onDecided } = this.#deps;
    const detail = { fallback: 'safe_draft', reason: 'call_ended' };
    const entry = writes.entry(kept.approval, { eventType: 'withdrawn', outcome: 'safe_draft', detail });
    await writes.commit(entry, { remove: approvals.deleteOf(kept) });
    onDecided(kept.approval.pendingId);
  }

  async #take(kept: KeptApproval, given: ApprovalDecision, nowMs: number): Promise<ApprovalDecided> {
    const { approval } = kept;
    const { pendingId, approverId, decision, reason } = given;
    const approves = decision === 'approve';
    const { approvers } = this.#deps;
    // Who has approved and is no approver any more counts for nothing.
    const before = (approval.approvedBy ?? []).filter((name) => approvers?.includes(name) !== false);
    const approvedBy = [...before, ...(approves ? [approverId] : [])];
    const detail = {
      approver_id: approverId,
      decision,
      reason: reason ?? null,
      approval_route_id: approval.approvalRouteId ?? null,
      approval_delivery_id: approval.approvalDeliveryId ?? null,
    };
    const decided = { pendingId, actionId: approval.actionId, approverId, decision, decidedAtMs: nowMs };
    const answer = { ...decided, ...(reason !== undefined && { reason }) };
    const { approvals, quorum, writes } = this.#deps;
    if (approves && approvedBy.length < quorum) {
      const outcome = 'pending_approval';
      const so = { ...detail, approvals: approvedBy.length, quorum };
      const entry = writes.entry(approval, { eventType: 'approval_recorded', outcome, detail: so });
      await writes.commit(entry, { put: approvals.putOf({ ...approval, approvedBy }, kept.version) });
      return { ...answer, outcome };
    }
    const outcome = approves ? 'allowed' : 'safe_draft';
    const eventType = approves ? 'approval_decided' : 'rejection_decided';
    const why = `${approverId} rejected it${reason === undefined ? '' : `: ${reason}`}`;
    const whole = quorum > 1 && approves ? { ...detail, approved_by: approvedBy } : detail;
    await this.#end(kept, { eventType, outcome, detail: whole }, approves ? undefined : why);
    return { ...answer, outcome };
  }

  /** @param why - It was not allowed. */
  async #end(
    kept: KeptApproval,
    said: Parameters<GateWrites['entry']>[1],
    why: string | undefined,
  ): Promise<void> {
    const { approvals, writes, onDecided } = this.#deps;
    const { approval, version } = kept;
    const entry = writes.entry(approval, said);
    const verdict = { allowed: why === undefined, reason: why ?? '', decidedAtMs: entry.timestampMs };
    // For the call that waits, if one does.
    if (approval.callKey === undefined) await writes.commit(entry, { remove: approvals.deleteOf(kept) });
    else await writes.commit(entry, { put: approvals.putOf({ ...approval, verdict }, version) });
    onDecided(approval.pendingId);
  }

  #refusal(
    { actorId, requestedApprover, approvedBy = [] }: Approval,
    { approverId, decision }: ApprovalDecision,
    caller: GateCaller | undefined,
  ): MobError | undefined {
    const { approvers } = this.#deps;
    const approves = decision === 'approve';
    if (caller && caller.principal !== approverId) {
      return forbidden(
        'principal_mismatch',
        `approver_id '${approverId}' is not who decides, '${caller.principal}'`,
      );
    }
    if (approves && approverId === actorId) {
      return forbidden('self_approval', 'approver_id cannot self-approve the action actor');
    }
    if (requestedApprover !== undefined && requestedApprover !== approverId) {
      const message = `approver_id '${approverId}' does not match requested_approver '${requestedApprover}'`;
      return forbidden('approver_mismatch', message);
    }
    // Whoever wanted it done may take it back.
    if (approvers && !approvers.includes(approverId) && !(approverId === actorId && !approves)) {
      return forbidden('not_an_approver', `approver_id '${approverId}' is none of the approvers`);
    }
    if (approves && approvedBy.includes(approverId)) {
      return forbidden('already_approved', `approver_id '${approverId}' has approved it already`);
    }
    return undefined;
  }

  async #refuse(approval: Approval, given: ApprovalDecision, refusal: MobError): Promise<void> {
    const { writes } = this.#deps;
    const { approverId: approver_id, decision } = given;
    const detail = { approver_id, decision, reason: refusal.details['reason'] };
    const outcome = 'pending_approval';
    await writes.commit(writes.entry(approval, { eventType: 'decision_refused', outcome, detail }));
  }
}

function forbidden(reason: string, message: string): MobError {
  return new MobError('MOB_APPROVAL_FORBIDDEN', message, { details: { reason, field: 'approver_id' } });
}

function notFound(pendingId: string): MobError {
  return new MobError('MOB_APPROVAL_NOT_FOUND', `pending_id '${pendingId}' was not found`, {
    details: { pendingId },
  });
}
