import { expect, it } from 'vitest';

import { formatIncarnation } from './incarnation.js';
import { type MobEventKind, structuralFields, type StructuralFields } from './mob-event.js';

const run = { run_id: 'r' };
const step = { ...run, step_id: 's' };
const target = { identity: 'worker-1', generation: 2 };
const member = { agent_identity: 'worker-1', generation: 2, role: 'worker' };
const ofMember = { agentIdentity: 'worker-1' };
const ofRun = { runId: 'r' };
const ofStep = { runId: 'r', stepId: 's' };

type KindName = MobEventKind['type'];
type Kinds = { readonly [N in KindName]: readonly [Omit<KindOf<N>, 'type'>, StructuralFields] };
type KindOf<N extends KindName> = MobEventKind extends infer K
  ? K extends { readonly type: infer T }
    ? N extends T
      ? K
      : never
    : never
  : never;

/** Every kind there is, which the compiler holds complete, and what it is found by. */
const kinds: Kinds = {
  mob_created: [{ definition: { id: 'm', profiles: {} } }, {}],
  mob_completed: [{}, {}],
  mob_destroying: [{}, {}],
  mob_destroy_storage_finalizing: [{}, {}],
  mob_reset: [{}, {}],
  member_spawned: [
    { ...member, fence_token: 1, agent_runtime_id: target, runtime_mode: 'turn_driven' },
    ofMember,
  ],
  member_retired: [member, ofMember],
  member_reset: [
    {
      agent_identity: 'worker-1',
      previous_generation: 1,
      new_generation: 2,
      fence_token: 1,
      agent_runtime_id: target,
    },
    ofMember,
  ],
  member_kickoff_updated: [{ member: 'worker-1', kickoff: { phase: 'started', updated_at_ms: 0 } }, ofMember],
  members_wired: [{ a: 'a', b: 'b' }, {}],
  members_unwired: [{ a: 'a', b: 'b' }, {}],
  members_wired_batch: [{ edges: [{ a: 'a', b: 'b' }] }, {}],
  external_peer_wired: [
    { local: 'worker-1', spec: { peer_id: 'p', name: 'n', address: 'x', pubkey: [] } },
    ofMember,
  ],
  external_peer_unwired: [{ local: 'worker-1', peer_name: 'n' }, ofMember],
  flow_started: [{ ...run, flow_id: 'f', params: {} }, ofRun],
  flow_completed: [{ ...run, flow_id: 'f' }, ofRun],
  flow_failed: [{ ...run, flow_id: 'f', reason: 'x' }, ofRun],
  flow_canceled: [{ ...run, flow_id: 'f' }, ofRun],
  step_dispatched: [
    { ...step, target },
    { ...ofStep, ...ofMember },
  ],
  step_target_completed: [
    { ...step, target },
    { ...ofStep, ...ofMember },
  ],
  step_target_failed: [
    { ...step, target, reason: 'x' },
    { ...ofStep, ...ofMember },
  ],
  step_completed: [step, ofStep],
  step_failed: [{ ...step, reason: 'x' }, ofStep],
  step_skipped: [{ ...step, reason: 'x' }, ofStep],
  topology_violation: [{ from_role: 'a', to_role: 'b' }, {}],
  supervisor_escalation: [
    { ...step, escalated_to: 'worker-1' },
    { ...ofStep, ...ofMember },
  ],
  operator_action_recorded: [{ tool_name: 't', principal_token: 'p' }, {}],
};

it('knows 27 kinds', () => {
  expect(Object.keys(kinds)).toHaveLength(27);
});

it.for(Object.entries(kinds))(
  '[core.structural-fields] finds %s by what it is about',
  ([type, [about, fields]]) => {
    expect(structuralFields({ type, ...about } as MobEventKind)).toEqual(fields);
  },
);

it('takes nothing from a kind it does not know', () => {
  expect(structuralFields({ type: 'from_the_future', run_id: 'r' } as unknown as MobEventKind)).toEqual({});
});

it('writes an incarnation as its identity and its generation', () => {
  expect(formatIncarnation(target)).toBe('worker-1:2');
});
