import { isMobError } from '@mobkit/core';
import type { GateRequest } from '@mobkit/core/ops';

import type { PlantedFault } from '../../../../packages/contract-kit/test/planted-faults.js';
import { asked, audited, type Breaking, decided, doing, given, telling, without } from './breaking.js';

const sane: Pick<GateRequest, 'action' | 'actorId' | 'riskTier'> & { readonly approvalTimeoutMs: number } = {
  action: 'deploy',
  actorId: 'alice',
  riskTier: 'r3',
  approvalTimeoutMs: 1,
};

export const askingFaults: Record<string, PlantedFault<Breaking>> = {
  'lets everything pass at once': ['gate.tiers', asked((request) => ({ ...request, riskTier: 'r0' }))],
  'has r2 wait': [
    'gate.tiers',
    asked((request) => (request.riskTier === 'r2' ? { ...request, riskTier: 'r3' } : request)),
  ],
  'keeps no record of what passes': [
    'gate.tiers',
    audited((entry) => (entry.eventType === 'evaluated' ? [] : [entry])),
  ],
  'keeps why as it was said': [
    'gate.tiers',
    audited((entry) => [{ ...entry, detail: { ...entry.detail, rationale: ' because ' } }]),
  ],
  'names what passes as what waits': [
    'gate.tiers',
    doing((sound) => ({
      evaluate: async (request) => ({ pendingId: 'none', ...(await sound.evaluate(request)) }),
    })),
  ],
  ...Object.fromEntries(
    (['action', 'actorId', 'riskTier', 'approvalTimeoutMs'] as const).map((field) => [
      `takes any ${field}`,
      ['gate.refused', asked((request) => ({ ...request, [field]: sane[field] }))] as const,
    ]),
  ),
  'takes a decision of nobody': [
    'gate.refused',
    decided((decision) => ({ ...decision, approverId: decision.approverId.trim() || 'nobody' })),
  ],
  'takes every word for an approval': [
    'gate.refused',
    decided((decision) => ({ ...decision, decision: decision.decision === 'reject' ? 'reject' : 'approve' })),
  ],
  'knows nothing of contradictions': ['gate.conflict', given(() => ({ conflicts: [] }))],
  'asks one of those who know': [
    'gate.conflict',
    given(({ conflicts }) => ({ conflicts: conflicts.slice(0, 1) })),
  ],
  'takes who cannot be asked for one who knows nothing': [
    'gate.conflict',
    given(({ conflicts }) => ({
      get conflicts() {
        return conflicts.map((source) => ({
          conflictFor: (about: Parameters<typeof source.conflictFor>[0]) =>
            source.conflictFor(about).catch(() => undefined),
          conflictCount: () => source.conflictCount().catch(() => 0),
        }));
      },
    })),
  ],
  'holds nothing back that says not what it is about': [
    'gate.conflict',
    given(({ conflicts }) => ({
      conflicts: conflicts.map((source) => ({
        conflictFor: (about) => source.conflictFor(about),
        conflictCount: async () => 0,
      })),
    })),
  ],
  'holds the harmless back, too': [
    'gate.conflict',
    doing((sound) => ({
      evaluate: async (request) =>
        sound.evaluate({ ...request, riskTier: request.riskTier === 'r1' ? 'r2' : request.riskTier }),
    })),
  ],
  'has contradictions wait': [
    'gate.conflict',
    doing((sound) => ({
      async evaluate(request) {
        const evaluation = await sound.evaluate(request);
        return evaluation.outcome === 'safe_draft'
          ? { ...evaluation, outcome: 'pending_approval' }
          : evaluation;
      },
    })),
  ],
  'does not say what it tells of': [
    'gate.notice',
    given(({ delivery }) => ({
      delivery: { send: (request) => delivery.send({ ...request, payload: null }) },
    })),
  ],
  'tells before it keeps': [
    'gate.notice',
    doing((sound, { router, delivery }) => ({
      async evaluate(request) {
        const { approvalRecipient: recipient, approvalChannel: channel } = request;
        if (recipient !== undefined && channel !== undefined) {
          await delivery.send({ resolution: await router.resolve({ recipient, channel }), payload: {} });
        }
        return sound.evaluate(request);
      },
    })),
  ],
  'tells under another key each time': [
    'gate.notice',
    given(({ delivery }) => ({
      delivery: { send: (request) => delivery.send({ ...request, idempotencyKey: `${Math.random()}` }) },
    })),
  ],
  'forgets how the notice went': [
    'gate.notice',
    doing((sound) => ({
      pending: async () => (await sound.pending()).map((one) => without(one, 'approvalDeliveryId')),
    })),
  ],
  'tells somebody although nobody says how': [
    'gate.notice',
    asked((request) =>
      request.approvalRecipient === undefined
        ? request
        : { ...request, approvalChannel: request.approvalChannel ?? 'approvals' },
    ),
  ],
  'asks for nothing that it cannot tell of': [
    'gate.notice-failed',
    doing((sound) => ({
      async evaluate(request) {
        const evaluation = await sound.evaluate(request);
        const [{ detail } = { detail: {} as Record<string, unknown> }] = await sound.audit(1);
        if (evaluation.pendingId && detail['approval_notification_error'] !== null) {
          await sound.decide({ pendingId: evaluation.pendingId, approverId: 'gate', decision: 'reject' });
        }
        return evaluation;
      },
    })),
  ],
  'forgets why a notice failed': [
    'gate.notice-failed',
    audited((entry) => [{ ...entry, detail: { ...entry.detail, approval_notification_error: null } }]),
  ],
  'takes a notice that failed for one that went': [
    'gate.notice-failed',
    given(({ delivery }) => ({
      delivery: { send: async (request) => ({ ...(await delivery.send(request)), status: 'sent' }) },
    })),
  ],
  'answers the oldest of its audit': [
    'gate.audit',
    doing((sound) => ({ audit: async (limit) => (await sound.audit(10_000)).slice(0, limit) })),
  ],
  'answers the newest of its audit first': [
    'gate.audit',
    doing((sound) => ({ audit: async (limit) => (await sound.audit(limit)).toReversed() })),
  ],
  'answers all of its audit': ['gate.audit', doing((sound) => ({ audit: () => sound.audit(10_000) }))],
  'tells nothing': ['gate.events', telling(() => () => {})],
  'tells under ids of its own': [
    'gate.events',
    telling((tell) => (event) => tell({ ...event, eventId: `evt-${event.eventId}` })),
  ],
  'tells of what it does not keep': [
    'gate.events',
    doing((sound) => {
      let tell: Parameters<typeof sound.start>[0]['tell'] = () => {};
      return {
        start(host) {
          ({ tell } = host);
          return sound.start(host);
        },
        evaluate: (request) =>
          sound.evaluate(request).catch((error: unknown) => {
            const event = { kind: 'module', module: 'gating', eventType: 'evaluated', payload: {} } as const;
            if (isMobError(error, 'MOB_STORE_UNAVAILABLE')) tell({ eventId: 'e', timestampMs: 0, event });
            throw error;
          }),
      };
    }),
  ],
};
