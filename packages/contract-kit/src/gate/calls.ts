import type { GatedCall, ToolVerdict } from '@mobkit/core/mob';
import type { Gate } from '@mobkit/core/ops';
import { expect } from 'vitest';

import { unavailable } from '../faulty-storage.js';
import type { Proofs } from '../proofs.js';
import { typesOf, waitsIn } from './ask.js';
import { approve, type GateStage } from './gate-stage.js';

/** Calls of tools behind the gate. */
export const callProofs: Proofs<GateStage> = (it) => {
  it('[gate.call] has a call wait for its decision, by whichever process, and answers it again until it is settled', async (stage) => {
    const [gate, other] = [await stage.gate(), await stage.gate()];
    const verdict = admitted(gate, call());
    const pendingId = await question(verdict, waitsIn(stage, other));
    expect(await other.pending()).toMatchObject([
      { action: 'deploy', actorId: 'worker', call: { tool: 'deploy', args: { to: 'prod' } } },
    ]);
    await expect(other.decide(approve(pendingId, { approverId: 'worker' }))).rejects.toMatchObject({
      details: { reason: 'self_approval' },
    });
    await expectWaiting(verdict, other);
    await other.decide(approve(pendingId));
    expect(await verdict).toEqual({ allowed: true });
    expect(await admitted(gate, call())).toEqual({ allowed: true });
    await gate.settle('call-1');
    await gate.settle('call-1');
    expect(await typesOf(gate)).toEqual(['pending_created', 'decision_refused', 'approval_decided']);
  });

  it('[gate.call-settled] gives the verdict of a call to no other, and to none once it was settled', async (stage) => {
    const gate = await stage.gate();
    const first = admitted(gate, call());
    await gate.decide(approve(await waitsIn(stage, gate)));
    await first;
    const second = admitted(gate, call({ callKey: 'call-2' }));
    const pendingId = await question(second, waitsIn(stage, gate));
    await expectWaiting(second, gate);
    await gate.decide(approve(pendingId, { decision: 'reject' }));
    expect(await second).toEqual({ allowed: false, reason: 'bob rejected it' });
    await gate.settle('call-1');
    const aborting = new AbortController();
    const again = admitted(gate, call(), aborting.signal);
    await question(again, waitsIn(stage, gate));
    await expectWaiting(again, gate);
    aborting.abort();
  });

  it('[gate.call-quorum] has a call wait until as many have approved as have to', async (stage) => {
    const gate = await stage.gate({ approvers: ['ann', 'bob'], quorum: 2 });
    const verdict = admitted(gate, call());
    const pendingId = await waitsIn(stage, gate);
    await gate.decide(approve(pendingId, { approverId: 'ann' }));
    await expectWaiting(verdict, gate);
    await gate.decide(approve(pendingId));
    expect(await verdict).toEqual({ allowed: true });
  });

  it('[gate.call-failed] lets no call pass that it cannot keep a question about', async (stage) => {
    const gate = await stage.gate();
    stage.storage.beforeCommit = () => Promise.reject(unavailable());
    for (const tier of ['r2', 'r3'] as const) {
      const asked = admitted(gate, call({ callKey: `call-${tier}`, tier }));
      await expect(asked).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
    }
  });

  it('[gate.call-restart] asks about a call once, also over a restart and when nobody waited as it was decided', async (stage) => {
    const before = await stage.gate();
    const cut = admitted(before, call());
    const pendingId = await waitsIn(stage, before);
    await before.stop({ deadlineMs: 1_000 });
    await expect(cut).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
    const after = await stage.gate();
    await after.decide(approve(pendingId, { decision: 'reject', reason: 'not today' }));
    expect(await admitted(after, call())).toEqual({
      allowed: false,
      reason: 'bob rejected it: not today',
    });
    expect(await typesOf(after)).toEqual(['pending_created', 'rejection_decided']);
  });

  it('[gate.call-withdrawn] ends the wait of a call with its signal and leaves the question; settling takes it back', async (stage) => {
    const gate = await stage.gate();
    const aborting = new AbortController();
    const cut = admitted(gate, call(), aborting.signal);
    const pendingId = await waitsIn(stage, gate);
    aborting.abort(new Error('the turn is over'));
    await expect(cut).rejects.toThrow('the turn is over');
    expect(await gate.pending()).toHaveLength(1);
    await gate.settle('call-1');
    expect(await gate.pending()).toEqual([]);
    expect((await gate.audit(1))[0]).toMatchObject({ eventType: 'withdrawn', pendingId });
    await expect(gate.decide(approve(pendingId))).rejects.toMatchObject({ code: 'MOB_APPROVAL_NOT_FOUND' });
  });

  it('[gate.call-late] denies a call that nobody decided about in time, and lets the harmless pass', async (stage) => {
    const gate = await stage.gate();
    const late = admitted(gate, call());
    await waitsIn(stage, gate);
    await stage.until(() => (stage.clock.nextDueMs ?? 0) > 60_000);
    stage.clock.advance(60_000);
    await expectWaiting(late, gate);
    stage.clock.advance(stage.clock.nextDueMs ?? 0);
    expect(await late).toEqual({ allowed: false, reason: 'Nobody decided in time' });
    for (const tier of ['r0', 'r1', 'r2'] as const) {
      const harmless = call({ callKey: `call-${tier}`, tier });
      expect(await admitted(gate, harmless)).toEqual({ allowed: true });
    }
  });
};

const never = new AbortController().signal;

/** The verdict of a call, which may come after nobody wants it any more. */
function admitted(gate: Gate, asked: GatedCall, signal = never): Promise<ToolVerdict> {
  const verdict = gate.admitCall(asked, { signal });
  verdict.catch(() => {});
  return verdict;
}

/** What a call waits as, which has no verdict before. */
async function question(verdict: Promise<unknown>, pendingId: Promise<string>): Promise<string> {
  expect(await Promise.race([verdict.then(() => 'it has a verdict'), pendingId.then(() => 'waits')])).toBe(
    'waits',
  );
  return pendingId;
}

/** That a call has no verdict, while there is time to look into the store. */
async function expectWaiting(verdict: Promise<unknown>, gate: Gate): Promise<void> {
  const waits = gate.pending().then(() => 'waits');
  expect(await Promise.race([verdict, waits])).toBe('waits');
}

function call(given: Partial<GatedCall> = {}): GatedCall {
  const what = { tool: 'deploy', args: { to: 'prod' }, tier: 'r3' } as const;
  return { callKey: 'call-1', mobId: 'mob', identity: 'worker', ...what, ...given };
}
