import { isMobError, errorText, type JsonValue } from '@mobkit/core';
import type { Delivery, PendingApproval, Router } from '@mobkit/core/ops';

export interface NoticeDeps {
  readonly router?: Pick<Router, 'resolve'> | undefined;
  readonly delivery?: Pick<Delivery, 'send'> | undefined;
}

/** How the notice about an approval went; of what failed, `error` says which part and why. */
export interface Notice {
  readonly routeId?: string;
  readonly deliveryId?: string;
  readonly error?: string;
}

/** Whether anybody is to be told of it. */
export function hasNotice({ approvalRecipient, approvalChannel }: PendingApproval): boolean {
  return approvalRecipient !== undefined && approvalChannel !== undefined;
}

/** Tells whoever is to be told; the same again is the same notice. Never rejects. */
export async function notify({ router, delivery }: NoticeDeps, approval: PendingApproval): Promise<Notice> {
  const { approvalRecipient: recipient = '', approvalChannel: channel = '' } = approval;
  if (!router || !delivery) {
    const missing = [...(router ? [] : ['router']), ...(delivery ? [] : ['delivery'])];
    return { error: `notification_modules_unavailable:${missing.join(',')}` };
  }
  let resolution;
  try {
    resolution = await router.resolve({ recipient, channel });
  } catch (error) {
    return { error: `routing:${said(error)}` };
  }
  const { routeId } = resolution;
  try {
    const { status, deliveryId } = await delivery.send({
      resolution,
      payload: toPayload(approval),
      from: approval.actorId,
      idempotencyKey: `gating-approval-${approval.pendingId}`,
    });
    if (status === 'sent') return { routeId, deliveryId };
    return { routeId, error: `delivery_status:${status}:${deliveryId}` };
  } catch (error) {
    return { routeId, error: `delivery:${said(error)}` };
  }
}

function toPayload(approval: PendingApproval): JsonValue {
  const { call } = approval;
  return {
    kind: 'gating_approval_request',
    pending_id: approval.pendingId,
    action_id: approval.actionId,
    action: approval.action,
    actor_id: approval.actorId,
    risk_tier: approval.riskTier,
    requested_approver: approval.requestedApprover ?? null,
    deadline_at_ms: approval.deadlineAtMs,
    ...(call && { tool: call.tool, args: call.args as JsonValue }),
  };
}

function said(error: unknown): string {
  return isMobError(error) ? `${error.code}: ${error.message}` : errorText(error);
}
