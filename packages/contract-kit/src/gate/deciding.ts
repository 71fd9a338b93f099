import { expect } from 'vitest';

import type { Proofs } from '../proofs.js';
import { ask, endsOf, typesOf } from './ask.js';
import { approve, type GateStage, risky, STAGE_BEGINS_MS } from './gate-stage.js';

/** Who decides, when it is over, and what outlives the process. */
export const decidingProofs: Proofs<GateStage> = (it) => {
  it('[gate.pending] lists what waits in the order it was asked for, until it is decided', async (stage) => {
    const gate = await stage.gate();
    const ids = [];
    for (const action of ['a', 'b', 'c']) ids.push(await ask(gate, { action, requestedApprover: 'bob' }));
    expect(await gate.pending()).toMatchObject([
      {
        pendingId: ids[0],
        action: 'a',
        actorId: 'alice',
        requestedApprover: 'bob',
        createdAtMs: STAGE_BEGINS_MS,
        deadlineAtMs: STAGE_BEGINS_MS + 60_000,
      },
      { action: 'b' },
      { action: 'c' },
    ]);
    expect(await gate.decide(approve(ids[1]!, { reason: ' fine ' }))).toMatchObject({
      pendingId: ids[1],
      approverId: 'bob',
      outcome: 'allowed',
      reason: 'fine',
      decidedAtMs: STAGE_BEGINS_MS,
    });
    expect(await gate.decide(approve(ids[2]!, { decision: 'reject' }))).toMatchObject({
      outcome: 'safe_draft',
    });
    expect((await gate.pending()).map(({ action }) => action)).toEqual(['a']);
    expect((await typesOf(gate)).slice(-2)).toEqual(['approval_decided', 'rejection_decided']);
  });

  it('[gate.self-approval] lets nobody approve what they want themselves, though they may take it back', async (stage) => {
    const gate = await stage.gate();
    const pendingId = await ask(gate);
    await expect(gate.decide(approve(pendingId, { approverId: ' alice ' }))).rejects.toMatchObject({
      code: 'MOB_APPROVAL_FORBIDDEN',
      message: 'approver_id cannot self-approve the action actor',
      details: { reason: 'self_approval' },
    });
    expect(await gate.pending()).toHaveLength(1);
    expect((await gate.audit(1))[0]).toMatchObject({
      eventType: 'decision_refused',
      pendingId,
      detail: { approver_id: 'alice', reason: 'self_approval' },
    });
    const reject = approve(pendingId, { approverId: 'alice', decision: 'reject' });
    expect(await gate.decide(reject)).toMatchObject({ outcome: 'safe_draft' });
  });

  it('[gate.approver] takes no decision of somebody else than the one who was named, or is known to call', async (stage) => {
    const gate = await stage.gate();
    const pendingId = await ask(gate, { requestedApprover: 'bob' });
    for (const decision of ['approve', 'reject'] as const) {
      await expect(gate.decide(approve(pendingId, { approverId: 'eve', decision }))).rejects.toMatchObject({
        message: "approver_id 'eve' does not match requested_approver 'bob'",
        details: { reason: 'approver_mismatch' },
      });
    }
    await expect(gate.decide(approve(pendingId), { principal: 'eve' })).rejects.toMatchObject({
      code: 'MOB_APPROVAL_FORBIDDEN',
      details: { reason: 'principal_mismatch' },
    });
    expect(await gate.pending()).toHaveLength(1);
    await gate.decide(approve(pendingId), { principal: 'bob' });
    expect(await gate.pending()).toEqual([]);
  });

  it('[gate.quorum] wants as many different approvers as it was told, and only those it was given', async (stage) => {
    const gate = await stage.gate({ approvers: ['ann', 'bob', 'cid'], quorum: 2 });
    await expect(gate.evaluate(risky({ requestedApprover: 'ann' }))).rejects.toMatchObject({
      code: 'MOB_REQUEST_INVALID',
      details: { field: 'requestedApprover' },
    });
    const pendingId = await ask(gate);
    const by = (approverId: string) => gate.decide(approve(pendingId, { approverId }));
    expect(await by('ann')).toMatchObject({ outcome: 'pending_approval' });
    expect(await gate.pending()).toMatchObject([{ approvedBy: ['ann'] }]);
    await expect(by('ann')).rejects.toMatchObject({ details: { reason: 'already_approved' } });
    await expect(by('eve')).rejects.toMatchObject({ details: { reason: 'not_an_approver' } });
    expect(await by('cid')).toMatchObject({ outcome: 'allowed' });
    expect(await typesOf(gate)).toEqual([
      'pending_created',
      'approval_recorded',
      'decision_refused',
      'decision_refused',
      'approval_decided',
    ]);
    const rejected = await ask(gate);
    await gate.decide(approve(rejected, { approverId: 'ann' }));
    const no = approve(rejected, { approverId: 'bob', decision: 'reject' });
    expect(await gate.decide(no)).toMatchObject({ outcome: 'safe_draft' });
    // Two at once, in two processes.
    const other = await stage.gate({ approvers: ['ann', 'bob', 'cid'], quorum: 2 });
    const both = await ask(gate);
    const decided = await Promise.all([
      gate.decide(approve(both, { approverId: 'ann' })),
      other.decide(approve(both, { approverId: 'cid' })),
    ]);
    expect(decided.map(({ outcome }) => outcome).toSorted()).toEqual(['allowed', 'pending_approval']);
  });

  it('[gate.replay] refuses decisions about what was never asked, was decided or has passed its deadline', async (stage) => {
    const gate = await stage.gate();
    const pendingId = await ask(gate);
    await gate.decide(approve(pendingId));
    const late = await ask(gate, { approvalTimeoutMs: 5 });
    stage.clock.set(stage.clock.now() + 5);
    expect(await gate.pending()).toEqual([]);
    for (const id of ['gate-pending-forged', pendingId, late]) {
      for (const decision of ['approve', 'reject'] as const) {
        await expect(gate.decide(approve(id, { decision }))).rejects.toMatchObject({
          code: 'MOB_APPROVAL_NOT_FOUND',
          message: `pending_id '${id}' was not found`,
        });
      }
    }
    expect(await typesOf(gate)).toEqual([
      'pending_created',
      'approval_decided',
      'pending_created',
      'timeout_fallback',
    ]);
  });

  it('[gate.once] decides once, whichever of several processes is asked', async (stage) => {
    const [one, other] = [await stage.gate(), await stage.gate()];
    const pendingId = await ask(one);
    const deciders = [one, other, one, other].map((gate, at) =>
      gate.decide(approve(pendingId, { approverId: `approver-${at}` })).then(
        ({ outcome }) => outcome,
        (error: { readonly code: string }) => error.code,
      ),
    );
    expect((await Promise.all(deciders)).toSorted()).toEqual([
      'MOB_APPROVAL_NOT_FOUND',
      'MOB_APPROVAL_NOT_FOUND',
      'MOB_APPROVAL_NOT_FOUND',
      'allowed',
    ]);
    const decided = (await other.audit(10)).filter(({ eventType }) => eventType === 'approval_decided');
    expect(decided).toHaveLength(1);
  });

  it('[gate.deadline] ends what nobody decided at its deadline by itself, and what may not wait at all at once', async (stage) => {
    const gate = await stage.gate();
    const first = await ask(gate, { approvalTimeoutMs: 2_000 });
    await ask(gate, { approvalTimeoutMs: 1_000 });
    await ask(gate, { approvalTimeoutMs: 0 });
    await stage.until(() => endsOf(stage) === 1);
    expect(await gate.pending()).toHaveLength(2);
    stage.clock.advance(1_000);
    await stage.until(() => endsOf(stage) === 2);
    expect((await gate.pending()).map(({ pendingId }) => pendingId)).toEqual([first]);
    await stage.until(() => stage.clock.nextDueMs === 1_000);
    stage.clock.advance(1_000);
    await stage.until(() => endsOf(stage) === 3);
    expect((await gate.audit(1))[0]).toMatchObject({
      pendingId: first,
      eventType: 'timeout_fallback',
      outcome: 'safe_draft',
      detail: { fallback: 'safe_draft', reason: 'approval_timeout' },
    });
  });

  it('[gate.restart] keeps what waits and what was done for the next process, which also ends what came due meanwhile', async (stage) => {
    const before = await stage.gate();
    const pendingId = await ask(before);
    const late = await ask(before, { approvalTimeoutMs: 500 });
    await before.stop({ deadlineMs: 1_000 });
    await expect(before.evaluate(risky())).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
    stage.clock.advance(500);
    const after = await stage.gate();
    expect((await after.audit(1))[0]).toMatchObject({ pendingId: late, eventType: 'timeout_fallback' });
    expect((await after.pending()).map((one) => one.pendingId)).toEqual([pendingId]);
    expect(await after.decide(approve(pendingId))).toMatchObject({ outcome: 'allowed' });
    const again = await ask(after);
    expect(new Set([pendingId, late, again]).size).toBe(3);
  });
};
