import { isMobError } from '@mobkit/core';

import type { PlantedFault } from '../../../../packages/contract-kit/test/planted-faults.js';
import { openGate } from '../../src/open.js';
import {
  asked,
  audited,
  type Breaking,
  decided,
  doing,
  given,
  unversioned,
  without,
  writing,
} from './breaking.js';

export const decidingFaults: Record<string, PlantedFault<Breaking>> = {
  'lists what waits in another order': [
    'gate.pending',
    doing((sound) => ({ pending: async () => (await sound.pending()).toReversed() })),
  ],
  'goes on listing what was rejected': [
    'gate.pending',
    doing((sound) => {
      const kept: Awaited<ReturnType<typeof sound.pending>>[number][] = [];
      return {
        async decide(decision, caller) {
          if (decision.decision === 'reject') kept.push(...(await sound.pending()).slice(-1));
          return sound.decide(decision, caller);
        },
        pending: async () => [...(await sound.pending()), ...kept],
      };
    }),
  ],
  'allows what was rejected': [
    'gate.pending',
    doing((sound) => ({
      decide: async (decision, caller) => ({ ...(await sound.decide(decision, caller)), outcome: 'allowed' }),
    })),
  ],
  'forgets who was to decide': ['gate.pending', asked((request) => without(request, 'requestedApprover'))],
  'takes white space for another person': [
    'gate.self-approval',
    decided(({ approverId, ...rest }) => ({
      ...rest,
      approverId: approverId === approverId.trim() ? approverId : `${approverId.trim()}!`,
    })),
  ],
  'lets everybody approve what they want': [
    'gate.self-approval',
    decided(({ approverId, ...rest }) => ({
      ...rest,
      approverId: rest.decision === 'approve' ? 'bob' : approverId,
    })),
  ],
  'lets nobody take back what they want': [
    'gate.self-approval',
    decided((decision) =>
      decision.approverId === 'alice' ? { ...decision, decision: 'approve' } : decision,
    ),
  ],
  'keeps no record of whom it refused': [
    'gate.self-approval',
    audited((entry) => (entry.eventType === 'decision_refused' ? [] : [entry])),
  ],
  'takes the decision of anybody': [
    'gate.approver',
    asked((request) => without(request, 'requestedApprover')),
  ],
  'takes the rejection of anybody': [
    'gate.approver',
    decided((decision) => (decision.decision === 'reject' ? { ...decision, approverId: 'bob' } : decision)),
  ],
  'believes whoever calls': ['gate.approver', decided((decision) => decision, false)],
  'forgets what it refused to decide': [
    'gate.approver',
    doing((sound) => ({
      decide: (decision, caller) =>
        sound.decide(decision, caller).catch(async (error: unknown) => {
          if (decision.approverId === 'bob') {
            await sound.decide({ ...decision, decision: 'reject' }, { principal: 'bob' });
          }
          throw error;
        }),
    })),
  ],
  'wants one to approve': ['gate.quorum', given(() => ({ quorum: 1 }))],
  'wants all to approve': ['gate.quorum', given(({ approvers }) => ({ quorum: approvers?.length ?? 1 }))],
  'takes approvals of strangers': [
    'gate.quorum',
    given((parts) => ({ ...parts, approvers: [...(parts.approvers ?? []), 'eve'] })),
  ],
  'takes a request that names one of several approvers': [
    'gate.quorum',
    asked((request) => without(request, 'requestedApprover')),
  ],
  'writes approvals over each other': ['gate.quorum', writing(unversioned)],
  'decides again what was decided': [
    'gate.replay',
    doing((sound) => {
      const decisions = new Map<string, Awaited<ReturnType<typeof sound.decide>>>();
      return {
        async decide(decision, caller) {
          const answer = decisions.get(decision.pendingId) ?? (await sound.decide(decision, caller));
          decisions.set(decision.pendingId, answer);
          return answer;
        },
      };
    }),
  ],
  'takes a decision after the deadline': [
    'gate.replay',
    asked((request) => ({ ...request, approvalTimeoutMs: 60_000 })),
  ],
  'lists what is too late to decide': [
    'gate.replay',
    doing((sound) => {
      let last: Awaited<ReturnType<typeof sound.pending>>[number] | undefined;
      return {
        async evaluate(request) {
          const evaluation = await sound.evaluate(request);
          if (request.approvalTimeoutMs === 5) last = (await sound.pending()).at(-1);
          return evaluation;
        },
        pending: async () => [...(await sound.pending()), ...(last ? [last] : [])],
      };
    }),
  ],
  'keeps no record of what ended by time': [
    'gate.replay',
    audited((entry) => (entry.eventType === 'timeout_fallback' ? [] : [entry])),
  ],
  'decides whatever others have decided': ['gate.once', writing(unversioned)],
  'ends nothing by itself': [
    'gate.deadline',
    given(({ clock }) => ({ clock: { now: () => clock.now(), after: () => () => {} } })),
    'in vain',
  ],
  'ends everything at the first deadline': [
    'gate.deadline',
    asked((request) =>
      request.approvalTimeoutMs === 2_000 ? { ...request, approvalTimeoutMs: 1_000 } : request,
    ),
    'in vain',
  ],
  'has wait what may not': [
    'gate.deadline',
    asked((request) =>
      request.approvalTimeoutMs === 0 ? { ...request, approvalTimeoutMs: 60_000 } : request,
    ),
    'in vain',
  ],
  'forgets what waits': [
    'gate.restart',
    doing((sound) => ({
      async start(host) {
        await sound.start(host);
        for (const { pendingId } of await sound.pending()) {
          await sound.decide({ pendingId, approverId: 'gate', decision: 'reject' });
        }
      },
    })),
  ],
  'leaves what came due before its start': [
    'gate.restart',
    doing((sound) => ({ start: async () => {}, audit: (limit) => sound.audit(limit) })),
  ],
  'asks after it has stopped': [
    'gate.restart',
    doing((sound, parts) => ({
      evaluate: (request) =>
        sound.evaluate(request).catch(async (error: unknown) => {
          if (!isMobError(error, 'MOB_SHUTTING_DOWN')) throw error;
          return (await openGate(parts)).evaluate(request);
        }),
    })),
  ],
};
