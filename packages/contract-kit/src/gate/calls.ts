import type { GatedCall } from '@mobkit/core/mob';
import { expect } from 'vitest';

import type { Proofs } from '../proofs.js';
import { typesOf, waitsIn } from './ask.js';
import { approve, type GateStage } from './gate-stage.js';

/** Calls of tools behind the gate. */
export const callProofs: Proofs<GateStage> = (it) => {
  it('[gate.call] has a call wait for its decision, by whichever process, and answers it again until it is settled', async (stage) => {
    const [gate, other] = [await stage.gate(), await stage.gate()];
    const verdict = gate.admitCall(call(), { signal: never });
    const pendingId = await waitsIn(stage, other);
    expect(await other.pending()).toMatchObject([
      { action: 'deploy', actorId: 'worker', call: { tool: 'deploy', args: { to: 'prod' } } },
    ]);
    await other.decide(approve(pendingId));
    expect(await verdict).toEqual({ allowed: true });
    expect(await gate.admitCall(call(), { signal: never })).toEqual({ allowed: true });
    await gate.settle('call-1');
    await gate.settle('call-1');
    expect(await typesOf(gate)).toEqual(['pending_created', 'approval_decided']);
  });

  it('[gate.call-restart] asks about a call once, also over a restart and when nobody waited as it was decided', async (stage) => {
    const before = await stage.gate();
    const cut = before.admitCall(call(), { signal: never });
    cut.catch(() => {});
    const pendingId = await waitsIn(stage, before);
    await before.stop({ deadlineMs: 1_000 });
    await expect(cut).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
    const after = await stage.gate();
    await after.decide(approve(pendingId, { decision: 'reject', reason: 'not today' }));
    expect(await after.admitCall(call(), { signal: never })).toEqual({
      allowed: false,
      reason: 'bob rejected it: not today',
    });
    expect(await typesOf(after)).toEqual(['pending_created', 'rejection_decided']);
  });

  it('[gate.call-withdrawn] ends the wait of a call with its signal and leaves the question; settling takes it back', async (stage) => {
    const gate = await stage.gate();
    const aborting = new AbortController();
    const cut = gate.admitCall(call(), { signal: aborting.signal });
    cut.catch(() => {});
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
    const late = gate.admitCall(call(), { signal: never });
    await waitsIn(stage, gate);
    await stage.until(() => (stage.clock.nextDueMs ?? 0) > 60_000);
    stage.clock.advance(stage.clock.nextDueMs ?? 0);
    expect(await late).toEqual({ allowed: false, reason: 'Nobody decided in time' });
    for (const tier of ['r0', 'r1', 'r2'] as const) {
      const harmless = call({ callKey: `call-${tier}`, tier });
      expect(await gate.admitCall(harmless, { signal: never })).toEqual({ allowed: true });
    }
  });
};

const never = new AbortController().signal;

function call(given: Partial<GatedCall> = {}): GatedCall {
  const what = { tool: 'deploy', args: { to: 'prod' }, tier: 'r3' } as const;
  return { callKey: 'call-1', mobId: 'mob', identity: 'worker', ...what, ...given };
}
