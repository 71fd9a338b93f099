import type { ToolVerdict } from '@mobkit/core/mob';
import type { Gate } from '@mobkit/core/ops';

import type { PlantedFault } from '../../../../packages/contract-kit/test/planted-faults.js';
import { type Breaking, doing, given } from './breaking.js';

const allowed: ToolVerdict = { allowed: true };

export const callFaults: Record<string, PlantedFault<Breaking>> = {
  'lets a call run while it waits': [
    'gate.call',
    admitting((asked, sound) => Promise.race([asked, waits(sound)])),
  ],
  'lets every call run': ['gate.call', doing(() => ({ admitCall: async () => allowed }))],
  'lets an agent approve its own call': [
    'gate.call',
    doing((sound) => ({
      decide: (decision, caller) =>
        sound.decide(
          { ...decision, approverId: decision.approverId === 'worker' ? 'bob' : decision.approverId },
          caller,
        ),
    })),
  ],
  'does not say what is to be called': [
    'gate.call',
    doing((sound) => ({
      pending: async () => (await sound.pending()).map(({ call: _call, ...rest }) => rest),
    })),
  ],
  'hears nothing of what others decide': [
    'gate.call',
    given(({ storage }) => ({
      storage: {
        supports: storage.supports,
        prepare: (definitions) => storage.prepare(definitions),
        records: (definition) => storage.records(definition),
        contents: () => storage.contents(),
        commit: (write) => storage.commit(write),
        log: (definition, partition) => ({ ...storage.log(definition, partition), onAppend: () => () => {} }),
      },
    })),
    'in vain',
  ],
  'asks again about what was decided': [
    'gate.call',
    admitting(async (asked, sound, { callKey }) => {
      const verdict = await asked;
      await sound.settle(callKey);
      return verdict;
    }),
    'in vain',
  ],
  'takes one call for another': [
    'gate.call-settled',
    doing((sound) => ({
      admitCall: (call, options) => sound.admitCall({ ...call, callKey: call.tool }, options),
    })),
  ],
  'keeps a verdict for ever': ['gate.call-settled', doing(() => ({ settle: async () => {} }))],
  'lets a call run that was rejected': ['gate.call-settled', admitting((asked) => asked.then(() => allowed))],
  'takes the first approval for the verdict': [
    'gate.call-quorum',
    doing((sound) => {
      const approved = new Map<string, () => void>();
      return {
        async decide(decision, caller) {
          const answer = await sound.decide(decision, caller);
          for (const approve of approved.values()) approve();
          return answer;
        },
        admitCall: (call, options) =>
          Promise.race([
            sound.admitCall(call, options),
            new Promise<ToolVerdict>((resolve) => approved.set(call.callKey, () => resolve(allowed))),
          ]),
      };
    }),
  ],
  'lets a call run that it cannot ask about': [
    'gate.call-failed',
    admitting((asked) => asked.catch(() => allowed)),
  ],
  'asks anew after a restart': [
    'gate.call-restart',
    doing((sound) => {
      const own = `${Math.random()}`;
      return {
        admitCall: (call, options) =>
          sound.admitCall({ ...call, callKey: `${call.callKey} ${own}` }, options),
      };
    }),
    'in vain',
  ],
  'does not say why a call may not run': [
    'gate.call-restart',
    admitting((asked) => asked.then((verdict) => (verdict.allowed ? verdict : { ...verdict, reason: 'no' }))),
  ],
  'goes on waiting when nobody does': [
    'gate.call-withdrawn',
    doing((sound) => ({
      admitCall: (call) => sound.admitCall(call, { signal: new AbortController().signal }),
    })),
    'in vain',
  ],
  'takes a question back with the wait for it': [
    'gate.call-withdrawn',
    admitting((asked, sound, { callKey }) =>
      asked.catch(async (error: unknown) => {
        await sound.settle(callKey);
        throw error;
      }),
    ),
  ],
  'leaves a question that was settled': ['gate.call-withdrawn', doing(() => ({ settle: async () => {} }))],
  'lets a call run that nobody decided about': [
    'gate.call-late',
    admitting((asked) =>
      asked.then((verdict) => (!verdict.allowed && verdict.reason.includes('in time') ? allowed : verdict)),
    ),
  ],
  'has harmless calls wait': [
    'gate.call-late',
    doing((sound) => ({
      admitCall: (call, options) =>
        sound.admitCall(call.tier === 'r2' ? { ...call, tier: 'r3' } : call, options),
    })),
    'in vain',
  ],
  'denies a call before its time': [
    'gate.call-late',
    admitting((asked, sound) =>
      Promise.race([asked, waits(sound).then(() => ({ allowed: false, reason: 'Nobody decided in time' }))]),
    ),
  ],
};

/** Resolves as soon as something waits. */
async function waits(gate: Gate): Promise<ToolVerdict> {
  while ((await gate.pending()).length === 0) await new Promise((resolve) => setImmediate(resolve));
  return allowed;
}

function admitting(
  change: (
    asked: Promise<ToolVerdict>,
    sound: Gate,
    call: Parameters<Gate['admitCall']>[0],
  ) => Promise<ToolVerdict>,
): Breaking {
  return doing((sound) => ({
    admitCall: (call, options) => change(sound.admitCall(call, options), sound, call),
  }));
}
