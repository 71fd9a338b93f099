import { staleCursor } from '@mobkit/core';
import type { StructuralEvent } from '@mobkit/runtime';
import { expect, it } from 'vitest';

import { served } from '../test/support/call.js';

it('[rpc.status] tells the state of the mob and what became of every event', async () => {
  const { call } = await served({ mobkitVersion: '1.2.3' });
  expect(await call('status')).toEqual({
    contract_version: '0.4.0',
    mobkit_version: '1.2.3',
    running: true,
    loaded_modules: [],
    mob_id: 'demo',
    mob_state: 'Running',
    ingest: {
      accepted: 3,
      recovered: 0,
      persisted: 1,
      duplicate: 0,
      filtered: 0,
      spilled: 0,
      buffered: 1,
      dropped: { overflow: 1, refused: 0, corrupt: 0, closed: 0 },
    },
  });
});

it('[rpc.status-failing] tells since when nothing reaches the log, and why', async () => {
  const { call, mob } = await served();
  mob.failing = { sinceMs: 7, error: 'down' };
  expect(await call('status')).toMatchObject({ ingest: { failing: { since_ms: 7, error: 'down' } } });
});

it('[rpc.status-archive] tells how far the archive is behind, since when and why', async () => {
  const { call, mob } = await served();
  expect(await call('status')).not.toHaveProperty('archive');
  const failing = { sinceMs: 7, error: 'away' };
  const compaction = { atMs: 3, removed: 2, failing };
  mob.archive = { archivedTo: 4, lastSeq: 9, behind: 5, behindMs: 1_500, refused: 1, failing, compaction };
  expect(await call('status')).toMatchObject({
    archive: {
      archived_to: 4,
      last_seq: 9,
      behind_events: 5,
      behind_ms: 1_500,
      refused: 1,
      failing: { since_ms: 7, error: 'away' },
      compaction: { at_ms: 3, removed: 2, failing: { since_ms: 7, error: 'away' } },
    },
  });
  mob.archive = { refused: 0 };
  expect(await call('status')).toMatchObject({ archive: { refused: 0 } });
});

it('[rpc.capabilities] names exactly the methods that work, and no ability without one', async () => {
  const { call, rpc } = await served();
  const capabilities = (await call('capabilities')) as { methods: string[] };
  expect(capabilities).toMatchObject({
    contract_version: '0.4.0',
    runtime_capabilities: {
      can_spawn_members: true,
      can_send_messages: true,
      can_retire_members: true,
      can_wire_members: true,
      available_spawn_modes: ['profile'],
      profile_capabilities: {
        lead: { instance_count: 1, addressable: true, has_wiring: false },
        worker: { instance_count: 0, addressable: false, has_wiring: false },
      },
    },
  });
  for (const method of capabilities.methods) {
    const response = await rpc.handle({ jsonrpc: '2.0', id: 1, method });
    expect(response).not.toMatchObject({ error: { code: -32601 } });
  }
  expect(new Set(capabilities.methods).size).toBe(capabilities.methods.length);
  expect(capabilities.methods).toEqual(rpc.methods);
});

it('[rpc.flows] lists flows, runs them, tells of their runs under the names of the contract, and cancels them', async () => {
  const { call, mob, fail } = await served();
  expect(await call('list_flows')).toEqual({
    flows: ['publish'],
    details: [{ flow_id: 'publish', description: 'To print', steps: [{ step_id: 'draft', role: 'worker' }] }],
  });
  const given = { flow_id: 'publish', params: { topic: 'tides' } };
  expect(await call('run_flow', given)).toEqual({ run_id: 'run-1' });
  expect(await call('cancel_flow', { run_id: 'run-1' })).toEqual({ accepted: true });
  expect(mob.asked).toEqual([
    { flowId: 'publish', params: { topic: 'tides' }, options: { provision: false } },
    { runId: 'run-1' },
  ]);
  expect(await fail('run_flow', { flow_id: 'x' })).toMatchObject({
    code: -32602,
    data: { kind: 'flow_not_found' },
  });
  expect(await fail('list_runs', { status: 'over' })).toMatchObject({ code: -32602 });
  expect(await call('flow_status', { run_id: 'run-1' })).toBeNull();
  const target = { identity: 'w', generation: 2 };
  mob.runs = [
    {
      runId: 'run-1',
      mobId: 'demo',
      flowId: 'publish',
      status: 'failed',
      params: undefined,
      createdAtMs: 1,
      completedAtMs: 4,
      reason: 'no',
      steps: [
        { stepId: 'draft', target, status: 'completed', output: 7, timestampMs: 2 },
        { stepId: 'draft', status: 'failed', reason: 'no', timestampMs: 3 },
      ],
      failures: [{ stepId: 'draft', reason: 'no', timestampMs: 3 }],
      outputs: { draft: { w: 7 } },
      loopOutputs: {},
    },
  ];
  const run = {
    run_id: 'run-1',
    mob_id: 'demo',
    flow_id: 'publish',
    status: 'failed',
    activation_params: null,
    created_at_ms: 1,
    completed_at_ms: 4,
    reason: 'no',
    step_ledger: [
      {
        step_id: 'draft',
        agent_identity: 'w',
        generation: 2,
        status: 'completed',
        output: 7,
        timestamp_ms: 2,
      },
      {
        step_id: 'draft',
        agent_identity: '__flow_system_member__',
        status: 'failed',
        reason: 'no',
        timestamp_ms: 3,
      },
    ],
    failure_ledger: [{ step_id: 'draft', reason: 'no', timestamp_ms: 3 }],
    root_step_outputs: { draft: { w: 7 } },
    loop_iteration_outputs: {},
  };
  expect(await call('flow_status', { run_id: 'run-1' })).toEqual(run);
  expect(await call('list_runs', { flow_id: 'publish', limit: 1 })).toEqual({ runs: [run] });
  expect(mob.asked.at(-1)).toEqual({ flowId: 'publish', limit: 1 });
});

it('[rpc.members] gives members under the names of the contract', async () => {
  const { call, mob, fail } = await served();
  const lead = {
    agent_identity: 'lead',
    role: 'lead',
    state: 'Active',
    wired_to: [],
    labels: { team: 'a' },
    generation: 0,
    runtime_mode: 'autonomous_host',
  };
  expect(await call('list_members')).toEqual([lead]);
  expect(await call('get_member', { member_id: 'lead' })).toEqual(lead);
  expect(await call('get_member', { meerkat_id: 'lead' })).toEqual(lead);
  const member = mob.members.get('lead');
  if (member)
    mob.members.set('lead', { ...member, status: 'broken', error: 'unreadable', kickoff: 'failed' });
  expect(await call('get_member', { agent_identity: 'lead' })).toMatchObject({
    state: 'Broken',
    error: 'unreadable',
    kickoff: 'failed',
  });
  expect(await fail('get_member', { member_id: 'nobody' })).toMatchObject({
    code: -32602,
    data: { kind: 'member_not_found', member_id: 'nobody' },
  });
});

it('[rpc.spawn] spawns by the names of the contract and by the older ones', async () => {
  const { call, mob } = await served();
  const given = { role: 'worker', agent_identity: 'worker-1', initial_message: 'go', labels: { a: 'b' } };
  const more = { additional_instructions: ['be brief'], runtime_mode: 'turn_driven' };
  expect(await call('spawn_member', { ...given, ...more })).toEqual({
    accepted: true,
    agent_identity: 'worker-1',
    role: 'worker',
  });
  await call('spawn_member', { profile: 'worker', meerkat_id: 'worker-2', labels: null });
  expect(mob.asked).toEqual([
    {
      profile: 'worker',
      identity: 'worker-1',
      initialMessage: 'go',
      labels: { a: 'b' },
      additionalInstructions: ['be brief'],
      runtimeMode: 'turn_driven',
    },
    { profile: 'worker', identity: 'worker-2' },
  ]);
});

it('[rpc.retire] retires a member', async () => {
  const { call, mob } = await served();
  expect(await call('retire_member', { member_id: 'lead' })).toEqual({ accepted: true, member_id: 'lead' });
  expect(mob.members.size).toBe(0);
});

it('[rpc.member-life] ensures, respawns, resets and cancels members, and tells what they are at', async () => {
  const { call, fail, mob } = await served();
  const wanted = { role: 'worker', agent_identity: 'w1', context: { a: 1 }, resume_session_id: 's-1' };
  expect(await call('ensure_member', wanted)).toMatchObject({ agent_identity: 'w1', state: 'Active' });
  expect(mob.asked).toEqual([
    {
      profile: 'worker',
      identity: 'w1',
      context: { a: 1 },
      launch: { mode: 'resume', sessionId: 's-1' },
    },
  ]);
  const next = { accepted: true, agent_identity: 'w1', generation: 1 };
  expect(await call('respawn_member', { member_id: 'w1' })).toMatchObject(next);
  expect(await call('reset_member', { member_id: 'w1' })).toMatchObject(next);
  expect(await call('force_cancel_member', { member_id: 'w1' })).toEqual({ accepted: true });
  expect(await call('member_status', { member_id: 'w1' })).toMatchObject({
    agent_identity: 'w1',
    status: 'active',
    running: true,
    waiting: 2,
    tokens_used: 7,
    current_session_id: 'session-w1',
    output_preview: 'hello',
  });
  for (const method of ['respawn_member', 'reset_member', 'force_cancel_member', 'member_status']) {
    expect(await fail(method, { member_id: 'nobody' })).toMatchObject({ data: { kind: 'member_not_found' } });
  }
});

it('[rpc.send] sends text given in any of its forms, and says which interaction it began', async () => {
  const { call, mob } = await served();
  const text = [
    { type: 'text', text: 'one' },
    { type: 'text', text: 'two' },
  ];
  expect(await call('send_message', { member_id: 'lead', message: 'hello' })).toEqual({
    accepted: true,
    member_id: 'lead',
    session_id: 'session-lead',
    interaction_id: expect.stringMatching(/^mobkit-send-[\da-f-]{36}$/) as string,
    handling_mode: 'queue',
  });
  await call('send_message', { agent_identity: 'lead', content: text, message: 'older' });
  await call('send_message', { meerkat_id: 'lead', content: 'plain' });
  expect(mob.asked).toEqual([
    { identity: 'lead', content: 'hello' },
    { identity: 'lead', content: 'one\ntwo' },
    { identity: 'lead', content: 'plain' },
  ]);
});

it('[rpc.send-more] sends pictures and what steers as they are, and says how it is handled', async () => {
  const { call, mob } = await served();
  const content = [
    { type: 'text', text: 'look' },
    { type: 'image', media_type: 'image/png', data: 'aGk=' },
  ];
  const sent = await call('send_message', { member_id: 'lead', content, handling_mode: 'steer' });
  expect(sent).toMatchObject({ handling_mode: 'steer' });
  expect(mob.asked).toEqual([{ identity: 'lead', content }]);
});

it('[rpc.wire] wires and unwires members', async () => {
  const { call, fail, mob } = await served();
  const pair = { a: 'lead', b: 'scribe' };
  expect(await call('wire_members', pair)).toEqual({ accepted: true, ...pair });
  expect(await call('unwire_members', pair)).toEqual({ accepted: true, ...pair });
  expect(mob.asked).toEqual([{ wire: ['lead', 'scribe'] }, { unwire: ['lead', 'scribe'] }]);
  expect(await fail('wire_members', { a: 'lead', b: 'nobody' })).toMatchObject({
    data: { kind: 'member_not_found' },
  });
});

it('[rpc.invalid-params] names the field that is wrong and the rule, and does nothing', async () => {
  const { fail, mob } = await served();
  const cases: [string, unknown, string, string][] = [
    ['spawn_member', {}, 'role', 'Invalid params: module_id or (profile + meerkat_id) required'],
    ['spawn_member', { module_id: 'm' }, 'module_id', "module 'm' is not configured"],
    ['ensure_member', { module_id: 'm' }, 'module_id', 'spawn_member alone'],
    ['call_tool', { module_id: 'm' }, 'tool', 'module_id and tool required'],
    ['spawn_member', { role: 'a', agent_identity: 'no spaces' }, 'agent_identity', '1 to 100 letters'],
    ['spawn_member', { role: 'a', agent_identity: 'b', labels: { x: 1 } }, 'labels.x', 'must be text'],
    [
      'spawn_member',
      { role: 'a', agent_identity: 'b', runtime_mode: 'x' },
      'runtime_mode',
      'autonomous_host',
    ],
    ['send_message', { message: 'hi' }, 'member_id', 'is required'],
    ['send_message', { member_id: 'lead' }, 'message', 'is required'],
    ['send_message', { member_id: 'lead', message: ' ' }, 'message', 'must not be empty'],
    ['send_message', { member_id: 'lead', content: [{ type: 'image' }] }, 'content', '[0].media_type'],
    ['send_message', { member_id: 'lead', content: [] }, 'content', 'blank'],
    ['send_message', { member_id: 'lead', message: 'x', handling_mode: 'now' }, 'handling_mode', 'steer'],
    ['wire_members', { a: 'lead' }, 'b', 'is required'],
    ['send_message', { member_id: 'lead', message: 'x', handling: 1 }, 'handling', 'not a field'],
    ['get_member', { member_id: 'a\0' }, 'member_id', 'without NUL'],
    ['query_events', { limit: -1 }, 'limit', 'whole number'],
    ['query_events', { limit: 10_001 }, 'limit', 'at most 10000'],
    ['query_events', { since_ms: 1.5 }, 'since_ms', 'whole number'],
    ['query_events', { event_types: 'a' }, 'event_types', 'list of event types'],
    ['query_events', { event_types: ['a', 3] }, 'event_types[1]', 'must be text'],
    ['query_events', ['a'], 'params', 'must be an object'],
    ['list_members', 'a', 'params', 'must be an object'],
  ];
  for (const [method, params, field, rule] of cases) {
    const error = await fail(method, params);
    expect([method, error.code, error.data]).toEqual([method, -32602, { kind: 'invalid_params', field }]);
    expect(error.message).toMatch(/^Invalid params: /);
    expect(error.message).toContain(field);
    expect(error.message).toContain(rule);
  }
  expect(mob.asked).toEqual([]);
});

it('[rpc.query-events] answers the bare array of events under their wire names', async () => {
  const { call, mob } = await served();
  mob.events = [
    {
      id: 'e1',
      seq: 4,
      timestampMs: 10,
      memberId: 'lead:0',
      identity: 'lead',
      mobId: 'demo',
      interactionId: 'i1',
      stream: { epoch: 2, n: 9, agentN: 3 },
      event: { kind: 'agent', agentId: 'lead:0', eventType: 'run_started', payload: { camelCase: 1 } },
    },
    {
      id: 'e2',
      seq: 5,
      timestampMs: 11,
      event: { kind: 'module', module: 'm', eventType: 'x', payload: null },
    },
  ];
  expect(
    await call('query_events', { after_seq: 3, event_types: ['a'], member_id: 'lead', limit: 2 }),
  ).toEqual([
    {
      id: 'e1',
      seq: 4,
      timestamp_ms: 10,
      member_id: 'lead:0',
      identity: 'lead',
      mob_id: 'demo',
      interaction_id: 'i1',
      stream: { epoch: 2, n: 9, agent_n: 3 },
      event: { kind: 'agent', agent_id: 'lead:0', event_type: 'run_started', payload: { camelCase: 1 } },
    },
    {
      id: 'e2',
      seq: 5,
      timestamp_ms: 11,
      member_id: null,
      event: { kind: 'module', module: 'm', event_type: 'x', payload: null },
    },
  ]);
  expect(mob.asked).toEqual([{ afterSeq: 3, eventTypes: ['a'], memberId: 'lead', limit: 2 }]);
  mob.events = undefined;
  expect(await call('query_events')).toEqual({ status: 'no_event_log_configured', events: [] });
});

it('[rpc.dead-events] answers a page of the events the log refused, and the key to go on after', async () => {
  const { call, fail, mob } = await served();
  expect(await call('dead_events')).toEqual({
    status: 'no_dead_letters_configured',
    letters: [],
    has_more: false,
  });
  mob.letters = [
    { key: 'k1', eventId: 'e1', refusedAtMs: 5, error: 'too large', event: '{"id":"e1"}' },
    { key: 'k2', refusedAtMs: 6, error: 'no id', event: '{}' },
  ];
  expect(await call('dead_events', { after_key: 'k0', limit: 2 })).toEqual({
    letters: [
      { key: 'k1', event_id: 'e1', refused_at_ms: 5, error: 'too large', event: '{"id":"e1"}' },
      { key: 'k2', refused_at_ms: 6, error: 'no id', event: '{}' },
    ],
    next_after_key: 'k2',
    has_more: true,
  });
  expect(mob.asked).toEqual([{ limit: 100 }, { afterKey: 'k0', limit: 2 }]);
  mob.letters = [];
  expect(await call('dead_events')).toEqual({ letters: [], has_more: false });
  expect(await fail('dead_events', { limit: 101 })).toMatchObject({ data: { field: 'limit' } });
});

it('[rpc.query-pruned] answers a cursor after which events were removed with the oldest and the latest', async () => {
  const { fail, mob } = await served();
  mob.failure = staleCursor(3, { firstSeq: 10, lastSeq: 20 });
  expect(await fail('query_events', { after_seq: 3 })).toEqual({
    code: -32010,
    message: 'Cannot go on from cursor 3: 10 to 20 are kept',
    data: {
      kind: 'event_query_stale',
      error: 'event_query_stale',
      after_cursor: 3,
      first_cursor: 10,
      latest_cursor: 20,
    },
  });
});

const flowStarted: StructuralEvent = {
  eventId: 'mob-evt-7',
  cursor: 7,
  mobId: 'demo',
  timestampMs: 3,
  kind: 'flow_started',
  runId: 'r',
  mobLabels: { camelCase: 'kept' },
  runLabels: {},
  data: { type: 'flow_started', run_id: 'r', flow_id: 'f', params: {} },
};

it('[rpc.mob-events] answers structural events with the cursor to go on from', async () => {
  const { call, mob } = await served();
  mob.ledger = [flowStarted];
  expect(
    await call('mob_events/query', { after_seq: 2, identity: 'lead', event_types: ['flow_started'] }),
  ).toEqual({
    events: [
      {
        event_id: 'mob-evt-7',
        cursor: 7,
        mob_id: 'demo',
        timestamp_ms: 3,
        kind: 'flow_started',
        run_id: 'r',
        mob_labels: { camelCase: 'kept' },
        run_labels: {},
        data: flowStarted.data,
      },
    ],
    next_after_seq: 7,
    has_more: true,
  });
  expect(mob.asked).toEqual([{ afterCursor: 2, agentIdentity: 'lead', kinds: ['flow_started'] }]);
});

it('[rpc.subscribe] answers a page and the address that goes on where it ends', async () => {
  const { call } = await served();
  expect(await call('mob_events/subscribe', { run_id: 'r 1', event_types: ['a', 'b'], limit: 5 })).toEqual({
    stream: 'mob_events',
    events: [],
    next_after_seq: 7,
    subscribe_url: '/mobkit/mob_events/stream?after_seq=7&run_id=r+1&event_types=a%2Cb',
    keep_alive: { interval_ms: 15_000, event: 'keep_alive' },
  });
});

it('[rpc.stale] answers a cursor beyond the ledger with -32010 and both cursors', async () => {
  const { fail } = await served();
  for (const method of ['mob_events/query', 'mob_events/subscribe']) {
    expect(await fail(method, { after_seq: 10 })).toMatchObject({
      code: -32010,
      data: { kind: 'event_query_stale', error: 'event_query_stale', after_cursor: 10, latest_cursor: 9 },
    });
  }
});

it('[rpc.no-page] says after a page of none that there is no more', async () => {
  const { call, mob } = await served();
  mob.ledger = [];
  expect(await call('mob_events/query', { limit: 0 })).toMatchObject({ events: [], has_more: false });
});

it('[rpc.blank-content] refuses a message whose blocks say nothing', async () => {
  const { fail } = await served();
  for (const content of [[], [{ type: 'text', text: '' }], [{ type: 'text', text: ' \n' }]]) {
    expect(await fail('send_message', { member_id: 'lead', content })).toMatchObject({
      code: -32602,
      message: 'Invalid params: content is blank',
    });
  }
});

it('[rpc.identity] refuses a name that could not be addressed', async () => {
  const { fail } = await served();
  for (const name of ['__proto__', '..', '-x', '__flow_a', '', 'a b', 'é']) {
    const error = await fail('spawn_member', { role: 'worker', agent_identity: name });
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining('agent_identity') });
  }
});
