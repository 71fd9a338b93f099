import type { MemoryConflict, MemoryConflicts } from '@mobkit/core/ops';
import { expect } from 'vitest';

import { unavailable } from '../faulty-storage.js';
import type { Proofs } from '../proofs.js';
import { ask } from './ask.js';
import { approve, type GateStage, risky, STAGE_BEGINS_MS } from './gate-stage.js';

/** What becomes of actions, and who is told. */
export const askingProofs: Proofs<GateStage> = (it) => {
  it('[gate.tiers] lets r0, r1 and r2 pass at once, on record with the policy, and has r3 wait', async (stage) => {
    const gate = await stage.gate();
    const outcomes = [];
    for (const riskTier of gate.tiers) {
      const { outcome, pendingId } = await gate.evaluate(risky({ riskTier, rationale: ' because ' }));
      outcomes.push([riskTier, outcome, pendingId !== undefined]);
    }
    expect(outcomes).toEqual([
      ['r0', 'allowed', false],
      ['r1', 'allowed', false],
      ['r2', 'allowed_with_audit', false],
      ['r3', 'pending_approval', true],
    ]);
    const immediate = { policy: 'allow_immediate', rationale: 'because', action: 'deploy' };
    expect(
      (await gate.audit(10)).map(({ eventType, outcome, detail }) => [eventType, outcome, detail]),
    ).toEqual([
      ['evaluated', 'allowed', immediate],
      ['evaluated', 'allowed', immediate],
      ['evaluated', 'allowed_with_audit', { ...immediate, policy: 'consequence_mode_allow_with_audit_v0_1' }],
      ['pending_created', 'pending_approval', expect.objectContaining({ action: 'deploy' })],
    ]);
  });

  it('[gate.refused] refuses what is no action by its field, and then nothing waits', async (stage) => {
    const gate = await stage.gate();
    const wrong = [
      ['action', risky({ action: ' ' })],
      ['actorId', risky({ actorId: '' })],
      ['riskTier', risky({ riskTier: 'r9' as 'r3' })],
      ['approvalTimeoutMs', risky({ approvalTimeoutMs: -1 })],
    ] as const;
    for (const [field, request] of wrong) {
      await expect(gate.evaluate(request)).rejects.toMatchObject({
        code: 'MOB_REQUEST_INVALID',
        details: { field },
      });
    }
    expect([await gate.pending(), await gate.audit(1)]).toEqual([[], []]);
    const pendingId = await ask(gate);
    for (const [field, given] of [
      ['approverId', { approverId: ' ' }],
      ['decision', { decision: 'shrug' as 'approve' }],
    ] as const) {
      await expect(gate.decide(approve(pendingId, given))).rejects.toMatchObject({
        code: 'MOB_REQUEST_INVALID',
        details: { field },
      });
    }
    expect(await gate.pending()).toHaveLength(1);
  });

  it('[gate.conflict] holds r2 and r3 back where facts contradict each other, may do so, or cannot be asked about', async (stage) => {
    const conflict = { entity: 'db', topic: 'owner', store: 'vector', updatedAtMs: 7 };
    const behind = { ...conflict, store: 'timeline' };
    stage.memory.conflicts.push(knows(conflict), knows(behind), knows());
    const gate = await stage.gate();
    const outcomeOf = async (given: Parameters<typeof risky>[0]) => {
      const { outcome, fallbackReason } = await gate.evaluate(risky(given));
      return [outcome, fallbackReason];
    };
    for (const riskTier of ['r2', 'r3'] as const) {
      const about = { riskTier, entity: 'db', topic: 'owner' };
      expect(await outcomeOf(about)).toEqual(['safe_draft', 'memory_conflict']);
      const missing = ['safe_draft', 'memory_conflict_context_missing'];
      expect(await outcomeOf({ riskTier, entity: 'db', topic: ' ' })).toEqual(missing);
    }
    expect((await gate.audit(2)).map(({ eventType, detail }) => [eventType, detail])).toEqual([
      [
        'conflict_blocked',
        {
          policy: 'memory_conflict_block_v0_1',
          reason: 'memory_conflict',
          action: 'deploy',
          reference: { entity: 'db', topic: 'owner' },
          conflict: { entity: 'db', topic: 'owner', store: 'timeline', reason: null, updated_at_ms: 7 },
        },
      ],
      [
        'conflict_blocked',
        {
          policy: 'memory_conflict_context_required_v0_1',
          reason: 'memory_conflict_context_missing',
          action: 'deploy',
          reference: { entity: 'db', topic: null },
          missing_context: { entity: false, topic: true },
          conflict_count: 2,
        },
      ],
    ]);
    expect(await gate.pending()).toEqual([]);
    expect(await outcomeOf({ riskTier: 'r1' })).toEqual(['allowed', undefined]);
    expect(await outcomeOf({ riskTier: 'r2', entity: 'db', topic: 'colour' })).toEqual([
      'allowed_with_audit',
      undefined,
    ]);
    stage.memory.conflicts.push(failing());
    expect(await outcomeOf({ riskTier: 'r2', entity: 'a', topic: 'b' })).toEqual([
      'safe_draft',
      'memory_conflict_lookup_failed',
    ]);
    expect((await gate.audit(1))[0]).toMatchObject({
      eventType: 'memory_conflict_lookup_failed',
      detail: { policy: 'memory_conflict_lookup_via_core_mcp', error: 'nobody answers' },
    });
  });

  it('[gate.notice] tells whom it is to tell, under one key, and keeps how that went', async (stage) => {
    const gate = await stage.gate();
    const notice = { approvalRecipient: 'bob@example.com', approvalChannel: 'approvals' };
    let found: readonly string[] = [];
    stage.beforeNotice = async () => {
      found = (await gate.pending()).map((one) => one.pendingId);
    };
    const pendingId = await ask(gate, notice);
    // Whoever is told of it finds it.
    expect(found).toEqual([pendingId]);
    expect(stage.sent).toMatchObject([
      {
        resolution: { recipient: 'bob@example.com', channel: 'approvals' },
        idempotencyKey: `gating-approval-${pendingId}`,
        payload: {
          kind: 'gating_approval_request',
          pending_id: pendingId,
          action: 'deploy',
          actor_id: 'alice',
          risk_tier: 'r3',
          requested_approver: null,
          deadline_at_ms: STAGE_BEGINS_MS + 60_000,
        },
      },
    ]);
    const ids = { approvalRouteId: 'route-bob@example.com', approvalDeliveryId: 'delivery-1' };
    expect(await gate.pending()).toMatchObject([{ pendingId, ...ids }]);
    await gate.decide(approve(pendingId));
    const wire = { approval_route_id: ids.approvalRouteId, approval_delivery_id: ids.approvalDeliveryId };
    expect((await gate.audit(2)).map(({ detail }) => detail)).toMatchObject([wire, wire]);
    for (const half of ['approvalRecipient', 'approvalChannel'] as const) await ask(gate, { [half]: 'bob' });
    expect(stage.sent).toHaveLength(1);
  });

  it('[gate.notice-failed] has it wait all the same when the notice fails, and keeps why', async (stage) => {
    const gate = await stage.gate();
    const notice = { approvalRecipient: 'bob@example.com', approvalChannel: 'approvals' };
    stage.notices = 'failed';
    const failed = await ask(gate, notice);
    stage.notices = 'refused';
    const refused = await ask(gate, notice);
    const waiting = await gate.pending();
    expect(waiting.map(({ pendingId }) => pendingId)).toEqual([failed, refused]);
    expect(waiting[0]).not.toHaveProperty('approvalDeliveryId');
    const errors = (await gate.audit(2)).map(({ detail }) => detail['approval_notification_error']);
    expect(errors).toEqual(['delivery_status:failed:delivery-1', 'delivery:no sink takes it']);
  });

  it('[gate.audit] answers the newest of the audit, the oldest of these first', async (stage) => {
    const gate = await stage.gate();
    for (const action of ['a', 'b', 'c']) await gate.evaluate(risky({ action, riskTier: 'r0' }));
    expect((await gate.audit(2)).map(({ detail }) => detail['action'])).toEqual(['b', 'c']);
  });

  it('[gate.events] tells of every entry of the audit as an event with its id, once it is kept', async (stage) => {
    const gate = await stage.gate();
    const pendingId = await ask(gate);
    await gate.decide(approve(pendingId));
    const [created, decided] = await gate.audit(10);
    expect(stage.told).toMatchObject([
      { eventId: created?.auditId, event: { module: 'gating', eventType: 'pending_created' } },
      {
        eventId: decided?.auditId,
        timestampMs: STAGE_BEGINS_MS,
        event: {
          kind: 'module',
          module: 'gating',
          eventType: 'approval_decided',
          payload: { pending_id: pendingId, outcome: 'allowed', detail: { approver_id: 'bob' } },
        },
      },
    ]);
    stage.storage.beforeCommit = () => Promise.reject(unavailable());
    await expect(gate.evaluate(risky())).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
    expect(stage.told).toHaveLength(2);
  });
};

function knows(conflict?: MemoryConflict): MemoryConflicts {
  return {
    conflictFor: async ({ entity, topic }) =>
      entity === conflict?.entity && topic === conflict?.topic ? conflict : undefined,
    conflictCount: async () => (conflict ? 1 : 0),
  };
}

function failing(): MemoryConflicts {
  const fail = () => Promise.reject(new Error('nobody answers'));
  return { conflictFor: fail, conflictCount: fail };
}
