import { type Clock, isMobError, MobError } from '@mobkit/core';
import type { GateEvaluation, GateOutcome, MemoryConflicts, RiskTier } from '@mobkit/core/ops';

import { type Approval, type Approvals, type KeptApproval, MOST_PENDING } from './approvals.js';
import { type CheckedRequest, invalid } from './check-request.js';
import type { GateWrites } from './gate-writes.js';
import { memoryBlock } from './memory-check.js';
import type { NewIds } from './new-ids.js';
import { hasNotice, type Notice, notify, type NoticeDeps } from './notify.js';

export interface AskingDeps extends NoticeDeps {
  readonly approvals: Approvals;
  readonly writes: GateWrites;
  readonly ids: NewIds;
  readonly clock: Clock;
  readonly conflicts: readonly MemoryConflicts[];
  /** As `GateOptions`. */
  readonly approvers: readonly string[] | undefined;
  readonly quorum: number;
  /** Told of every deadline. */
  readonly onPending: (deadlineAtMs: number) => void;
}

/** What is asked for beside an ordinary request. */
export interface CallQuestion {
  readonly callKey: string;
  readonly pendingId: string;
  readonly call: NonNullable<Approval['call']>;
}

const POLICIES: Readonly<Record<Exclude<RiskTier, 'r3'>, string>> = {
  r0: 'allow_immediate',
  r1: 'allow_immediate',
  r2: 'consequence_mode_allow_with_audit_v0_1',
};

/** Finds out what is to become of an action, and puts before somebody what needs one. */
export class Asking {
  readonly #deps: AskingDeps;

  constructor(deps: AskingDeps) {
    this.#deps = deps;
  }

  /** @throws MobError as `Gate.evaluate`; `MOB_CONFLICT` when the call has been asked about already. */
  async evaluate(request: CheckedRequest, question?: CallQuestion): Promise<GateEvaluation> {
    const { ids, writes, conflicts } = this.#deps;
    const { action, actorId, riskTier, entity, topic, rationale } = request;
    this.#expectReachable(request);
    const about = { actionId: ids.next('action'), actorId, riskTier };
    const evaluation = (outcome: GateOutcome, rest: Partial<GateEvaluation> = {}): GateEvaluation => {
      return { ...about, action, outcome, ...rest };
    };
    if (riskTier === 'r2' || riskTier === 'r3') {
      const reference = { ...(entity !== undefined && { entity }), ...(topic !== undefined && { topic }) };
      // What a call is about nobody says, unless its arguments do.
      const block = await memoryBlock(conflicts, { action, reference, needsContext: !question });
      if (block) {
        const { fallbackReason, eventType, detail } = block;
        await writes.commit(writes.entry(about, { eventType, outcome: 'safe_draft', detail }));
        return evaluation('safe_draft', { fallbackReason });
      }
    }
    if (riskTier === 'r3') {
      const approval = this.#toApproval(about.actionId, request, question);
      await this.#ask(approval);
      return evaluation('pending_approval', { pendingId: approval.pendingId });
    }
    const outcome = riskTier === 'r2' ? 'allowed_with_audit' : 'allowed';
    const detail = {
      policy: POLICIES[riskTier],
      rationale: rationale ?? null,
      action,
      ...toolDetail(question),
    };
    await writes.commit(writes.entry(about, { eventType: 'evaluated', outcome, detail }));
    return evaluation(outcome);
  }

  /** Tells somebody of an approval that nobody was told of yet, or not as far as anybody knows. @throws what the storage throws. */
  async announce(kept: KeptApproval): Promise<void> {
    const notice = await notify(this.#deps, kept.approval);
    const { writes, approvals } = this.#deps;
    const entry = this.#created(kept.approval, notice);
    for (let current: KeptApproval | undefined = kept; ;) {
      // Decided while somebody was told: that it was asked for is still on record.
      if (!current || current.approval.verdict || current.approval.announced) {
        await writes.commit(entry);
        return;
      }
      try {
        const put = approvals.putOf(announced(current.approval, notice), current.version);
        await writes.commit(entry, { put });
        return;
      } catch (error) {
        if (!isMobError(error, 'MOB_CONFLICT')) throw error;
        current = await approvals.get(kept.approval.pendingId);
      }
    }
  }

  async #ask(approval: Approval): Promise<void> {
    const { approvals, writes, clock, onPending } = this.#deps;
    const waiting = await approvals.waiting();
    const nowMs = clock.now();
    if (waiting.filter(({ approval: { deadlineAtMs } }) => deadlineAtMs > nowMs).length >= MOST_PENDING) {
      throw new MobError(
        'MOB_RATE_LIMITED',
        `${MOST_PENDING} approvals are waiting already: ask again later`,
        {
          retryable: true,
          details: { reason: 'too_many_pending', limit: MOST_PENDING },
        },
      );
    }
    if (!hasNotice(approval)) {
      await writes.commit(this.#created(approval, {}), {
        put: approvals.putOf({ ...approval, announced: true }, 0),
      });
      onPending(approval.deadlineAtMs);
      return;
    }
    // Kept first: whoever is told of it finds it.
    const version = await approvals.add(approval);
    try {
      await this.announce({ approval, version });
    } finally {
      onPending(approval.deadlineAtMs);
    }
  }

  /** @throws MobError `MOB_REQUEST_INVALID` for an approver who could not decide. */
  #expectReachable({ requestedApprover: approver }: CheckedRequest): void {
    const { approvers, quorum } = this.#deps;
    if (approver === undefined) return;
    const field = 'requestedApprover';
    if (quorum > 1) throw invalid(field, `requestedApprover cannot be alone: ${quorum} have to approve`);
    if (approvers?.includes(approver) !== false) return;
    throw invalid(field, `requestedApprover '${approver}' is none of the approvers`);
  }

  #toApproval(actionId: string, request: CheckedRequest, question?: CallQuestion): Approval {
    const { ids, clock } = this.#deps;
    const { action, actorId, riskTier, requestedApprover, approvalRecipient, approvalChannel } = request;
    const createdAtMs = clock.now();
    return {
      pendingId: ids.next('pending'),
      ...question,
      actionId,
      action,
      actorId,
      riskTier,
      ...(requestedApprover !== undefined && { requestedApprover }),
      ...(approvalRecipient !== undefined && { approvalRecipient }),
      ...(approvalChannel !== undefined && { approvalChannel }),
      createdAtMs,
      deadlineAtMs: createdAtMs + request.approvalTimeoutMs,
      announced: false,
    };
  }

  #created(approval: Approval, { routeId, deliveryId, error }: Notice) {
    const detail = {
      requested_approver: approval.requestedApprover ?? null,
      approval_recipient: approval.approvalRecipient ?? null,
      approval_channel: approval.approvalChannel ?? null,
      approval_route_id: routeId ?? null,
      approval_delivery_id: deliveryId ?? null,
      approval_notification_error: error ?? null,
      deadline_at_ms: approval.deadlineAtMs,
      action: approval.action,
      ...toolDetail(approval),
    };
    return this.#deps.writes.entry(approval, {
      eventType: 'pending_created',
      outcome: 'pending_approval',
      detail,
    });
  }
}

function announced(approval: Approval, { routeId, deliveryId }: Notice): Approval {
  return {
    ...approval,
    ...(routeId !== undefined && { approvalRouteId: routeId }),
    ...(deliveryId !== undefined && { approvalDeliveryId: deliveryId }),
    announced: true,
  };
}

/** Not the arguments: they go when the call is settled, the audit stays. */
function toolDetail(about: Pick<Approval, 'call'> | undefined) {
  return about?.call && { tool: about.call.tool };
}
