import { MobError } from '@mobkit/core';
import type { ApprovalDecision, GateRequest, RiskTier } from '@mobkit/core/ops';
import { z } from 'zod';

import { isStorable, parseParams } from './params.js';

// What a field may be is said below, in the words that clients know.
const given = z.unknown().optional();

const evaluateFields = z.strictObject({
  action: given,
  actor_id: given,
  risk_tier: given,
  rationale: given,
  requested_approver: given,
  approval_recipient: given,
  approval_channel: given,
  approval_timeout_ms: given,
  entity: given,
  topic: given,
});

const decideFields = z.strictObject({
  pending_id: given,
  approver_id: given,
  decision: given,
  reason: given,
});

const auditFields = z.strictObject({ limit: given });

const TIERS: readonly RiskTier[] = ['r0', 'r1', 'r2', 'r3'];

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 500;

/** @throws MobError `MOB_REQUEST_INVALID`, as all of these. */
export function parseEvaluate(params: unknown): GateRequest {
  const fields = parseParams(evaluateFields, params);
  const action = named('action', fields.action);
  const actorId = named('actor_id', fields.actor_id);
  const riskTier = tier(fields.risk_tier);
  const timeoutMs = fields.approval_timeout_ms;
  if (timeoutMs !== undefined && !(Number.isSafeInteger(timeoutMs) && (timeoutMs as number) >= 0)) {
    throw invalid('approval_timeout_ms', 'approval_timeout_ms must be a non-negative integer');
  }
  return {
    action,
    actorId,
    riskTier,
    ...text('rationale', 'rationale', fields.rationale),
    ...text('requestedApprover', 'requested_approver', fields.requested_approver),
    ...text('approvalRecipient', 'approval_recipient', fields.approval_recipient),
    ...text('approvalChannel', 'approval_channel', fields.approval_channel),
    ...(timeoutMs !== undefined && { approvalTimeoutMs: timeoutMs as number }),
    ...text('entity', 'entity', fields.entity),
    ...text('topic', 'topic', fields.topic),
  };
}

export function parseDecide(params: unknown): ApprovalDecision {
  const fields = parseParams(decideFields, params);
  const pendingId = named('pending_id', fields.pending_id);
  const approverId = named('approver_id', fields.approver_id);
  if (typeof fields.decision !== 'string') {
    throw invalid('decision', "decision must be either 'approve' or 'reject'");
  }
  const decision = fields.decision.trim().toLowerCase();
  if (decision !== 'approve' && decision !== 'reject') {
    const message = `decision '${fields.decision}' is unsupported (allowed: approve, reject)`;
    throw invalid('decision', message);
  }
  return { pendingId, approverId, decision, ...text('reason', 'reason', fields.reason) };
}

export function parseAudit(params: unknown): number {
  const { limit = DEFAULT_LIMIT } = parseParams(auditFields, params);
  if (Number.isSafeInteger(limit) && (limit as number) >= 1 && (limit as number) <= LARGEST_LIMIT) {
    return limit as number;
  }
  throw invalid('limit', `limit must be an integer between 1 and ${LARGEST_LIMIT}`);
}

function tier(value: unknown): RiskTier {
  if (typeof value !== 'string') {
    throw invalid('risk_tier', `risk_tier must be one of: ${TIERS.join(', ')}`);
  }
  const found = TIERS.find((one) => one === value.trim().toLowerCase());
  if (found) return found;
  throw invalid('risk_tier', `risk_tier '${value}' is unsupported (allowed: ${TIERS.join(', ')})`);
}

function named(field: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw invalid(field, `${field} must be a non-empty string`);
  }
  return short(field, value);
}

/** As the field `key` of an object; nothing when there is none. */
function text<K extends string>(key: K, field: string, value: unknown): { readonly [key in K]?: string } {
  if (value === undefined) return {};
  if (typeof value !== 'string') throw invalid(field, `${field} must be a string`);
  // A blank one counts as absent.
  if (value.trim() === '') return {};
  return { [key]: WORDY.includes(field) ? wordy(field, value) : short(field, value) } as {
    readonly [key in K]: string;
  };
}

const WORDY: readonly string[] = ['rationale', 'reason'];
const MOST_WORDS = 10_000;

function wordy(field: string, value: string): string {
  if (value.trim().length <= MOST_WORDS) return value;
  throw invalid(field, `${field} must be at most ${MOST_WORDS} characters`);
}

/** What can be looked for, as the gate wants it. */
function short(field: string, value: string): string {
  if (isStorable(value.trim())) return value;
  throw invalid(field, `${field} must be 1 to 400 characters without NUL`);
}

function invalid(field: string, message: string): MobError {
  return new MobError('MOB_REQUEST_INVALID', message, { details: { field } });
}
