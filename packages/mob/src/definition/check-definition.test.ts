import type { MobDefinition } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { checkDefinition } from './check-definition.js';

const worker = { model: 'scripted', tools: { comms: true } };

/** A definition that nothing is wrong with, but for what is given. */
function definition(given: Readonly<Record<string, unknown>> = {}): MobDefinition {
  return { id: 'm', profiles: { worker }, ...given };
}

/** `code @ location` of everything found. */
function found(given: Readonly<Record<string, unknown>>): string[] {
  return checkDefinition(definition(given)).map(({ code, location, severity }) =>
    severity === 'error' ? `${code} @ ${location}` : `warning ${code} @ ${location}`,
  );
}

it('finds nothing in a definition that is right', () => {
  expect(
    found({
      orchestrator: { profile: 'worker' },
      profiles: {
        worker: { ...worker, skills: ['s'], max_inline_peer_notifications: -1, backend: 'external' },
      },
      skills: { s: { source: 'inline', content: '' } },
      members: [{ identity: 'w-1.a_B', profile: 'worker' }],
      wiring: { auto_wire_orchestrator: true, role_wiring: [{ a: 'worker', b: 'worker' }] },
      topology: { mode: 'strict', rules: [{ from_role: '*', to_role: 'worker', allowed: true }] },
      supervisor: { role: 'worker', escalation_threshold: 2 },
      backend: {
        external: {
          address_base: 'tcp://10.0.0.1',
          supervisor_bridge: { bind_address: '0.0.0.0:7000', advertised_address: 'tcp://10.0.0.1:7000' },
        },
      },
    }),
  ).toEqual([]);
});

it('[definition.profiles] checks profiles and what they refer to', () => {
  expect(found({ profiles: {} })).toEqual(['empty_profiles @ profiles']);
  expect(found({ orchestrator: { profile: 'boss' } })).toEqual([
    'missing_orchestrator_profile @ mob.orchestrator',
  ]);
  expect(found({ profiles: { '1st': worker, 'a b': worker } })).toEqual([
    'invalid_profile_name @ profiles.1st',
    'invalid_profile_name @ profiles."a b"',
  ]);
  expect(found({ profiles: { __flow_x: worker } })).toEqual([
    'reserved_system_identifier @ profiles.__flow_x',
  ]);
  const skills = ['how', 'toString'];
  expect(
    found({
      profiles: { worker: { ...worker, skills } },
      skills: { how: { source: 'inline', content: 'x' } },
    }),
  ).toEqual(['missing_skill_ref @ profiles.worker.skills[1]']);
  expect(found({ profiles: { worker: { ...worker, max_inline_peer_notifications: -2 } } })).toEqual([
    'invalid_inline_peer_notification_threshold @ profiles.worker.max_inline_peer_notifications',
  ]);
});

it('[definition.members] checks the first roster', () => {
  expect(
    found({
      profiles: { worker, mute: { model: 'scripted' } },
      members: [
        { identity: 'one', profile: 'worker' },
        { identity: 'one', profile: 'worker' },
        { identity: 'two', profile: 'constructor' },
        { identity: 'three', profile: 'mute' },
        { identity: 'a b', profile: 'worker' },
        { identity: '', profile: 'worker' },
        { identity: 'x'.repeat(101), profile: 'worker' },
        { identity: '__flow_a', profile: 'worker' },
      ],
    }),
  ).toEqual([
    'duplicate_member @ members[1].identity',
    'unknown_member_profile @ members[2].profile',
    'member_without_comms @ members[3].profile',
    'invalid_identity @ members[4].identity',
    'invalid_identity @ members[5].identity',
    'invalid_identity @ members[6].identity',
    'invalid_identity @ members[7].identity',
  ]);
});

it('[definition.roles] checks the roles that wiring, topology and supervisor name', () => {
  expect(found({ wiring: { role_wiring: [{ a: 'worker', b: 'x' }] } })).toEqual([
    'invalid_wiring_profile @ wiring.role_wiring[0].b',
  ]);
  const rules = [{ from_role: 'x', to_role: '*', allowed: false }];
  expect(found({ topology: { mode: 'advisory', rules } })).toEqual([
    'topology_unknown_role @ topology.rules[0].from_role',
  ]);
  expect(found({ supervisor: { role: 'x' } })).toEqual(['flow_unknown_role @ supervisor.role']);
});

it('[definition.spawn-policy] checks whom a spawn policy may spawn, and from what', () => {
  const policy = (profile_map: Readonly<Record<string, string>>) =>
    found({ spawn_policy: { mode: 'auto', profile_map } });
  expect(policy({ fine: 'worker' })).toEqual([]);
  expect(policy({ fine: 'x' })).toEqual(['spawn_policy_unknown_profile @ spawn_policy.profile_map.fine']);
  expect(policy({ __flow_a: 'worker' })).toEqual(['invalid_identity @ spawn_policy.profile_map.__flow_a']);
});

it('[definition.output-schema] takes an output schema only with an object as its root', () => {
  const schema = (output_schema: Readonly<Record<string, unknown>>) =>
    found({ profiles: { worker: { ...worker, output_schema } } });
  expect(schema({ type: 'object' })).toEqual([]);
  expect(schema({ type: 'array' })).toEqual(['invalid_output_schema @ profiles.worker.output_schema']);
});

it('[definition.event-router] checks the keys of the event router', () => {
  expect(found({ event_router: { buffer_size: 1, include_patterns: ['run_*'] } })).toEqual([]);
  expect(found({ event_router: { buffer_size: 0 } })).toEqual(['invalid_value @ event_router.buffer_size']);
});

it('[definition.backend] checks how external members are reached', () => {
  expect(found({ backend: { default: 'external' } })).toEqual([
    'missing_external_backend_config @ backend.default',
  ]);
  expect(found({ profiles: { worker: { ...worker, backend: 'external' } } })).toEqual([
    'missing_external_backend_config @ profiles.worker.backend',
  ]);
  const external = (address_base: string, supervisor_bridge: Readonly<Record<string, string>> = {}) =>
    found({ backend: { external: { address_base, supervisor_bridge } } });
  const bridge = 'invalid_external_backend_config @ backend.external.supervisor_bridge';
  expect(external(' ')).toEqual(['invalid_external_backend_config @ backend.external.address_base']);
  expect(external('x', { bind_address: 'localhost' })).toEqual([`${bridge}.bind_address`]);
  expect(external('x', { bind_address: '127.0.0.1:70000' })).toEqual([`${bridge}.bind_address`]);
  expect(external('x', { bind_address: '[::]:7000' })).toEqual([`${bridge}.bind_address`]);
  expect(external('x', { advertised_address: 'inproc://a' })).toEqual([`${bridge}.advertised_address`]);
  expect(external('x', { bind_address: '[::1]:7000' })).toEqual([]);
});

/** What is found in a flow `f` of these steps, without the path of the steps. */
function foundInFlow(steps: Readonly<Record<string, unknown>>): string[] {
  return found({ flows: { f: { steps } } }).map((line) => line.replace('flows.f.steps', 'steps'));
}

it('[definition.flows] checks roles, dependencies and quorums of flow steps', () => {
  const step = { role: 'worker', message: 'go' };
  expect(foundInFlow({ a: step, b: { ...step, depends_on: ['a'] } })).toEqual([]);
  expect(foundInFlow({ a: { ...step, role: 'x' } })).toEqual(['flow_unknown_role @ steps.a.role']);
  expect(foundInFlow({ a: { ...step, depends_on: ['b'] } })).toEqual([
    'flow_unknown_step @ steps.a.depends_on[0]',
  ]);
  expect(foundInFlow({ a: { ...step, collection_policy: { type: 'quorum', n: 0 } } })).toEqual([
    'quorum_invalid @ steps.a.collection_policy.n',
  ]);
  const [cycle] = checkDefinition(
    definition({
      flows: {
        f: {
          steps: {
            late: { ...step, depends_on: ['b'] },
            a: { ...step, depends_on: ['c'] },
            b: { ...step, depends_on: ['a'] },
            c: { ...step, depends_on: ['b'] },
          },
        },
      },
    }),
  );
  expect(cycle).toMatchObject({ code: 'flow_cycle_detected', location: 'flows.f.steps.b.depends_on' });
  expect(cycle?.message).toContain('b → a → c → b');
  const chain = (length: number) =>
    Object.fromEntries(
      Array.from({ length }, (_, at) => [
        `s${at}`,
        at === 0 ? step : { ...step, depends_on: [`s${at - 1}`] },
      ]),
    );
  expect(foundInFlow(chain(32))).toEqual([]);
  expect(foundInFlow(chain(33))).toEqual(['flow_depth_exceeded @ steps']);
});

it('[definition.flows] checks the branches of flow steps', () => {
  const branch = {
    role: 'worker',
    message: 'go',
    branch: 'x',
    condition: { op: 'eq', path: 'params.a', value: 1 },
  };
  expect(foundInFlow({ a: branch, b: branch })).toEqual([]);
  expect(foundInFlow({ a: branch })).toEqual(['branch_group_empty @ steps.a.branch']);
  expect(foundInFlow({ a: branch, b: { role: 'worker', message: 'go', branch: 'x' } })).toEqual([
    'branch_step_missing_condition @ steps.b',
  ]);
  const first = { role: 'worker', message: 'go' };
  expect(foundInFlow({ first, a: branch, b: { ...branch, depends_on: ['first'] } })).toEqual([
    'branch_step_conflicting_deps @ steps.b.depends_on',
  ]);
  const join = { role: 'worker', message: 'go', depends_on_mode: 'any' };
  expect(foundInFlow({ a: branch, b: branch, c: { ...join, depends_on: ['a', 'b'] } })).toEqual([]);
  expect(foundInFlow({ first, c: { ...join, depends_on: ['first'] } })).toEqual([
    'warning branch_join_without_branch @ steps.c.depends_on_mode',
  ]);
});

it('[definition.stored-form] refuses what no ledger can keep, whoever made it', () => {
  expect(found({ mine: { x: Number.NaN } })).toEqual(['invalid_value @ mine.x']);
  expect(found({ hook: () => {} })).toEqual(['invalid_value @ hook']);
  expect(found({ absent: undefined })).toEqual([]);
  const endless: Record<string, unknown> = {};
  endless['within'] = endless;
  expect(checkDefinition(definition({ endless }))).toMatchObject([{ code: 'invalid_value' }]);
});
