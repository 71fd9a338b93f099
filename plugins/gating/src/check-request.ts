import { checkText, MobError } from '@mobkit/core';
import type { ApprovalDecision, GateRequest, RiskTier } from '@mobkit/core/ops';

export const TIERS: readonly RiskTier[] = ['r0', 'r1', 'r2', 'r3'];

const DEFAULT_TIMEOUT_MS = 60_000;

/** As long as a deadline is a date. */
const LONGEST_TIMEOUT_MS = 10 * 365 * 86_400_000;

/** A request whose texts are trimmed; what is absent stays so. */
export type CheckedRequest = GateRequest & Required<Pick<GateRequest, 'approvalTimeoutMs'>>;

const OPTIONAL = [
  'rationale',
  'requestedApprover',
  'approvalRecipient',
  'approvalChannel',
  'entity',
  'topic',
] as const;

/** @throws MobError `MOB_REQUEST_INVALID`, with `details.field`. */
export function checkRequest(request: GateRequest): CheckedRequest {
  const { riskTier, approvalTimeoutMs = DEFAULT_TIMEOUT_MS } = request;
  if (!TIERS.includes(riskTier)) {
    throw invalid('riskTier', `riskTier '${riskTier}' is unsupported (allowed: ${TIERS.join(', ')})`);
  }
  if (
    !Number.isSafeInteger(approvalTimeoutMs) ||
    approvalTimeoutMs < 0 ||
    approvalTimeoutMs > LONGEST_TIMEOUT_MS
  ) {
    throw invalid(
      'approvalTimeoutMs',
      'approvalTimeoutMs must be a non-negative integer of at most ten years',
    );
  }
  const given = OPTIONAL.flatMap((field) => {
    const value = request[field];
    if (value === undefined) return [];
    const trimmed = text(field, value);
    return trimmed === '' ? [] : [[field, trimmed] as const];
  });
  return {
    action: named('action', request.action),
    actorId: named('actorId', request.actorId),
    riskTier,
    approvalTimeoutMs,
    ...Object.fromEntries(given),
  };
}

/** @throws as `checkRequest`. */
export function checkDecision({
  pendingId,
  approverId,
  decision,
  reason,
}: ApprovalDecision): ApprovalDecision {
  // Types do not hold for callers in JavaScript.
  const given: unknown = decision;
  if (given !== 'approve' && given !== 'reject') {
    throw invalid('decision', `decision '${String(given)}' is unsupported (allowed: approve, reject)`);
  }
  const why = reason === undefined ? '' : text('reason', reason);
  return {
    pendingId: named('pendingId', pendingId),
    approverId: named('approverId', approverId),
    decision,
    ...(why !== '' && { reason: why }),
  };
}

export function invalid(field: string, message: string): MobError {
  return new MobError('MOB_REQUEST_INVALID', message, { details: { field } });
}

function named(field: string, value: unknown): string {
  const trimmed = text(field, value);
  if (trimmed !== '') return trimmed;
  throw invalid(field, `${field} must be a non-empty string`);
}

/** By the rule of what can be looked for, so that nothing is refused for it half-way. */
function text(field: string, value: unknown): string {
  const long = field === 'rationale' || field === 'reason';
  if (typeof value !== 'string') throw invalid(field, `${field} must be a string`);
  const trimmed = value.trim();
  if (long) {
    if (trimmed.length <= MOST_WORDS) return trimmed;
    throw invalid(field, `${field} must be at most ${MOST_WORDS} characters`);
  }
  try {
    checkText(field, trimmed);
  } catch {
    throw invalid(field, `${field} must be well-formed text of at most 400 characters without NUL`);
  }
  return trimmed;
}

const MOST_WORDS = 10_000;
