import type { RiskTier } from '../mob/risk-tier.js';
import type { ToolGate } from '../mob/tool-gate.js';
import type { RuntimeService } from './runtime-service.js';

/**
 * Decides whether a risky action may happen, and has people decide where it may not by itself: `r0` and `r1` may, `r2` may
 * and is on record, `r3` waits for an approval.
 *
 * Approvals and the audit are in its storage and outlive the process; of several processes on one storage one decides. An
 * approval that nobody gives ends at its deadline by itself once the gate was started. Every entry of the audit is also an
 * event of module `gating`, told after it is kept; a crash in between leaves it in the audit alone.
 *
 * Texts are trimmed, and a blank one that may be absent is absent. Every method throws what its storage throws; what
 * was asked or decided may then be kept all the same.
 */
export interface Gate extends RuntimeService, ToolGate {
  /** Which tiers of risk it knows, the harmless first. */
  readonly tiers: readonly RiskTier[];

  /**
   * Says what is to become of an action. An action of tier `r2` or `r3` about something on which facts contradict each
   * other, or may do so as nobody says what it is about, is a `safe_draft` (`fallbackReason`), and so is one about which
   * that cannot be found out.
   *
   * One that waits is kept before anybody is told of it. Resolves when the notice about it is handed over or has failed,
   * which is on record and changes nothing else.
   *
   * @throws MobError `MOB_REQUEST_INVALID` (`details.field`) for what is no action; `MOB_RATE_LIMITED` (retryable,
   * `details.reason` `too_many_pending`) when as many wait as may; `MOB_SHUTTING_DOWN`.
   */
  evaluate(request: GateRequest): Promise<GateEvaluation>;

  /** What waits for somebody now, in the order it was asked for. */
  pending(): Promise<readonly PendingApproval[]>;

  /**
   * Decides about an action that waits. Whoever wants it done may reject it and may not approve it. A decision that is
   * refused leaves the action as it was and is on record, but for one about nothing that waits.
   *
   * @param caller - Who is known to decide. @defaultValue nobody is: then `approverId` is believed
   * @throws MobError `MOB_APPROVAL_NOT_FOUND` for an id of nothing that waits, such as one that was decided or has passed
   * its deadline; `MOB_APPROVAL_FORBIDDEN` (`details.reason`: `self_approval`, `approver_mismatch`, `not_an_approver`,
   * `already_approved`, `principal_mismatch`); `MOB_REQUEST_INVALID` (`details.field`); `MOB_SHUTTING_DOWN`.
   */
  decide(decision: ApprovalDecision, caller?: GateCaller): Promise<ApprovalDecided>;

  /** The newest entries, at most `limit` of them, the oldest of these first. */
  audit(limit: number): Promise<readonly GateAuditEntry[]>;
}

/** What became of an action; `safe_draft` means that it may not be done. */
export type GateOutcome = 'allowed' | 'allowed_with_audit' | 'pending_approval' | 'safe_draft';

/** Why an action is a `safe_draft` at once. */
export type GateFallback =
  | 'memory_conflict'
  | 'memory_conflict_context_missing'
  | 'memory_conflict_lookup_failed';

/** Something that somebody wants to do and may have to ask for. */
export interface GateRequest {
  readonly action: string;
  /** Who wants it done, and may not approve it. */
  readonly actorId: string;
  readonly riskTier: RiskTier;
  readonly rationale?: string;
  /** The only one who may decide. @defaultValue everybody who may at all */
  readonly requestedApprover?: string;
  /** Who is told, and how: nobody is unless both are given. */
  readonly approvalRecipient?: string;
  readonly approvalChannel?: string;
  /** How long it waits, in whole milliseconds. @defaultValue 60000 */
  readonly approvalTimeoutMs?: number;
  /** What it is about. */
  readonly entity?: string;
  readonly topic?: string;
}

/** What the gate says to a request. Only `allowed` means that it may be done now. */
export interface GateEvaluation {
  readonly actionId: string;
  readonly action: string;
  readonly actorId: string;
  readonly riskTier: RiskTier;
  readonly outcome: GateOutcome;
  /** Names what waits; present with `pending_approval`. */
  readonly pendingId?: string;
  readonly fallbackReason?: GateFallback;
}

/** An action that waits for somebody. */
export interface PendingApproval {
  /** Unique for ever. */
  readonly pendingId: string;
  readonly actionId: string;
  readonly action: string;
  readonly actorId: string;
  readonly riskTier: RiskTier;
  readonly requestedApprover?: string;
  readonly approvalRecipient?: string;
  readonly approvalChannel?: string;
  /** How the notice went, and that it went; absent while it is on its way, or failed. */
  readonly approvalRouteId?: string;
  readonly approvalDeliveryId?: string;
  /** Unix time in whole milliseconds. */
  readonly createdAtMs: number;
  /** From here on it is a `safe_draft`. */
  readonly deadlineAtMs: number;
  /** Who has approved it; others have to as well. Absent: nobody yet. */
  readonly approvedBy?: readonly string[];
  /** The tool that an agent wants to call, and with what; absent for what is no such call. */
  readonly call?: { readonly tool: string; readonly args: unknown };
}

/** What an approver says to something that waits. */
export interface ApprovalDecision {
  readonly pendingId: string;
  readonly approverId: string;
  readonly decision: 'approve' | 'reject';
  readonly reason?: string;
}

/** Who calls, as whoever authenticated them says. */
export interface GateCaller {
  /** The only one for whom a decision may be made. */
  readonly principal: string;
}

/** What became of something that waited, after a decision about it. */
export interface ApprovalDecided {
  readonly pendingId: string;
  readonly actionId: string;
  readonly approverId: string;
  readonly decision: 'approve' | 'reject';
  /** `pending_approval` when others have to approve as well. */
  readonly outcome: Extract<GateOutcome, 'allowed' | 'pending_approval' | 'safe_draft'>;
  /** Unix time in whole milliseconds. */
  readonly decidedAtMs: number;
  readonly reason?: string;
}

/** What an entry of the audit tells of, spelt as on the wire. */
export type GateAuditType =
  /** `r0`, `r1` and `r2`: it may be done. */
  | 'evaluated'
  | 'conflict_blocked'
  | 'memory_conflict_lookup_failed'
  | 'pending_created'
  /** One of several who have to approve did. */
  | 'approval_recorded'
  | 'approval_decided'
  | 'rejection_decided'
  /** Somebody decided who may not. */
  | 'decision_refused'
  | 'timeout_fallback'
  /** The call that waited will not be made. */
  | 'withdrawn';

/** What the gate decided, or was told, written down for good. */
export interface GateAuditEntry {
  /** Unique for ever; also the id of the event that tells of it. */
  readonly auditId: string;
  /** Unix time in whole milliseconds. */
  readonly timestampMs: number;
  readonly eventType: GateAuditType;
  readonly actionId: string;
  readonly pendingId?: string;
  readonly actorId: string;
  readonly riskTier: RiskTier;
  readonly outcome: GateOutcome;
  /** Plain data, spelt as on the wire: the policy, who decided, why. */
  readonly detail: Readonly<Record<string, unknown>>;
}
