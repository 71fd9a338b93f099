import type { DeliverySink } from '@mobkit/core/ops';
import { openDelivery } from '@mobkit/delivery';
import { openGate } from '@mobkit/gating';
import { openMemoryLedger } from '@mobkit/memory-ledger';
import { createMobEngine, testProvider } from '@mobkit/mob';
import { openRulesRouter } from '@mobkit/router-rules';
import { createRpcHandler } from '@mobkit/rpc';
import { bootstrapRuntime, type RuntimeParts } from '@mobkit/runtime';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it, onTestFinished } from 'vitest';

const definition = {
  id: 'crew',
  profiles: { worker: { model: 'test', tools: { comms: true }, runtime_mode: 'turn_driven' as const } },
};

/** A runtime with a real gate, router, delivery and memory, and its methods. */
async function served({
  box,
  without = [],
  approvers,
}: { box?: DeliverySink; without?: readonly string[]; approvers?: readonly string[] } = {}) {
  const { storage, metadata } = await openMemoryStores();
  const router = await openRulesRouter({ storage, mobId: definition.id, routes: [] });
  const sink = box ?? { name: 'email', deliver: async () => {} };
  const delivery = await openDelivery({ storage, sinks: () => [sink], trust: (one) => router.verify(one) });
  const memory = await openMemoryLedger({ storage });
  const told = without.includes('notices') ? {} : { router, delivery };
  const gate = await openGate({ storage, ...told, conflicts: [memory], ...(approvers && { approvers }) });
  const engine = createMobEngine({
    storage,
    providers: () => [testProvider()],
    allowEphemeralSessions: true,
  });
  const parts: RuntimeParts = {
    engine,
    definition,
    storage,
    metadata,
    router,
    delivery,
    memory,
    onError: () => {},
    ...(!without.includes('gate') && { gate }),
  };
  const runtime = await bootstrapRuntime(parts);
  onTestFinished(async () => void (await runtime.shutdown()));
  const rpc = createRpcHandler({ runtime });
  const call = async <T>(method: string, params?: unknown): Promise<T> => {
    const answer = await rpc.handle({ jsonrpc: '2.0', id: 1, method: `mobkit/${method}`, params });
    return (answer && 'result' in answer ? answer.result : answer?.error) as T;
  };
  return { runtime, delivery, call };
}

interface Evaluated {
  readonly pending_id: string;
}
interface Audit {
  readonly entries: readonly {
    readonly event_type: string;
    readonly outcome: string;
    readonly detail: Readonly<Record<string, unknown>>;
  }[];
}

const risky = { action: 'deploy', actor_id: 'alice', risk_tier: 'R3 ' };
const notice = { approval_recipient: 'bob@example.com', approval_channel: 'approvals' };

it('[gating.rpc] has a risky action wait, tells whom it is to tell, refuses who may not decide, and answers the audit', async () => {
  const { call, delivery } = await served();
  const asked = { ...risky, ...notice, requested_approver: 'bob', rationale: 'because' };
  const evaluated = await call<Evaluated>('gating/evaluate', asked);
  expect(evaluated).toEqual({
    action_id: expect.stringMatching(/^gate-action-/),
    action: 'deploy',
    actor_id: 'alice',
    risk_tier: 'r3',
    outcome: 'pending_approval',
    pending_id: expect.stringMatching(/^gate-pending-/),
    fallback_reason: null,
  });
  const { pending_id } = evaluated;
  const [sent] = await delivery.history();
  const ids = {
    approval_route_id: sent?.resolution.routeId,
    approval_delivery_id: sent?.deliveryId,
  };
  expect(sent).toMatchObject({ status: 'sent', payload: { kind: 'gating_approval_request', pending_id } });
  const { pending } = await call<{ readonly pending: readonly object[] }>('gating/pending');
  expect(pending).toEqual([
    {
      pending_id,
      action_id: expect.any(String),
      action: 'deploy',
      actor_id: 'alice',
      risk_tier: 'r3',
      requested_approver: 'bob',
      ...notice,
      ...ids,
      created_at_ms: expect.any(Number),
      deadline_at_ms: expect.any(Number),
    },
  ]);
  const decide = (approver_id: string) =>
    call('gating/decide', { pending_id, approver_id, decision: 'approve', reason: null });
  expect(await decide('alice')).toMatchObject({
    code: -32602,
    message: 'Invalid params: approver_id cannot self-approve the action actor',
    data: { kind: 'approval_forbidden' },
  });
  expect(await decide('eve')).toMatchObject({
    code: -32602,
    message: "Invalid params: approver_id 'eve' does not match requested_approver 'bob'",
  });
  expect(await call('gating/pending')).toEqual({ pending });
  expect(await decide('bob')).toEqual({
    pending_id,
    action_id: expect.any(String),
    approver_id: 'bob',
    decision: 'approve',
    outcome: 'allowed',
    decided_at_ms: expect.any(Number),
    reason: null,
  });
  expect(await decide('bob')).toMatchObject({
    message: `Invalid params: pending_id '${pending_id}' was not found`,
    data: { kind: 'approval_not_found' },
  });
  expect(await call('gating/pending')).toEqual({ pending: [] });
  const { entries } = await call<Audit>('gating/audit');
  expect(entries.map(({ event_type }) => event_type)).toEqual([
    'pending_created',
    'decision_refused',
    'decision_refused',
    'approval_decided',
  ]);
  expect(entries[0]?.detail).toMatchObject({ ...ids, approval_notification_error: null });
  expect(entries[3]?.detail).toMatchObject({ ...ids, approver_id: 'bob' });
});

it('[gating.rpc-tiers] lets r0 to r2 pass, and ends at once what may not wait', async () => {
  const { call } = await served();
  for (const risk_tier of ['r0', 'r1', 'r2']) await call('gating/evaluate', { ...risky, risk_tier });
  await call('gating/evaluate', { ...risky, approval_timeout_ms: 0 });
  expect(await call('gating/pending')).toEqual({ pending: [] });
  const { entries } = await call<Audit>('gating/audit', { limit: 5 });
  expect(entries.map(({ outcome, detail }) => [outcome, detail['policy'] ?? detail['reason']])).toEqual([
    ['allowed', 'allow_immediate'],
    ['allowed', 'allow_immediate'],
    ['allowed_with_audit', 'consequence_mode_allow_with_audit_v0_1'],
    ['pending_approval', undefined],
    ['safe_draft', 'approval_timeout'],
  ]);
});

it('[gating.rpc-notice] keeps why nobody was told: a delivery that failed, or parts that are missing', async () => {
  const refuses = { name: 'email', deliver: () => Promise.reject(new Error('no such mailbox')) };
  const errorOf = async (options: Parameters<typeof served>[0]) => {
    const { call } = await served(options);
    const { pending_id } = await call<Evaluated>('gating/evaluate', { ...risky, ...notice });
    expect(await call('gating/pending')).toMatchObject({
      pending: [{ pending_id, approval_delivery_id: null }],
    });
    const { entries } = await call<Audit>('gating/audit');
    return entries[0]?.detail['approval_notification_error'];
  };
  expect(await errorOf({ box: refuses })).toMatch(/^delivery_status:failed:/);
  expect(await errorOf({ without: ['notices'] })).toBe('notification_modules_unavailable:router,delivery');
});

it('[gating.rpc-memory] holds back what the memory of the mob contradicts itself about, until that is resolved', async () => {
  const { call } = await served();
  const evaluate = (given: object) => call('gating/evaluate', { ...risky, risk_tier: 'r2', ...given });
  const about = { entity: 'Db', topic: 'owner' };
  expect(await evaluate({})).toMatchObject({ outcome: 'allowed_with_audit' });
  await call('memory/index', { ...about, conflict: true, conflict_reason: 'two owners' });
  expect(await evaluate({})).toMatchObject({
    outcome: 'safe_draft',
    fallback_reason: 'memory_conflict_context_missing',
  });
  expect(await evaluate(about)).toMatchObject({
    outcome: 'safe_draft',
    fallback_reason: 'memory_conflict',
    pending_id: null,
  });
  const { entries } = await call<Audit>('gating/audit', { limit: 1 });
  expect(entries[0]?.detail['conflict']).toMatchObject({
    entity: 'db',
    topic: 'owner',
    store: 'knowledge_graph',
    reason: 'two owners',
  });
  await call('memory/resolve_conflict', { ...about, by: 'bob' });
  expect(await evaluate(about)).toMatchObject({ outcome: 'allowed_with_audit' });
});

const decision = { pending_id: 'p', approver_id: 'bob', decision: 'approve' };
const texts: readonly [method: string, params: object, text: string, field: string][] = [
  ['evaluate', { ...risky, action: ' ' }, 'action must be a non-empty string', 'action'],
  ['evaluate', { action: 'a', risk_tier: 'r0' }, 'actor_id must be a non-empty string', 'actor_id'],
  ['evaluate', { ...risky, risk_tier: 3 }, 'risk_tier must be one of: r0, r1, r2, r3', 'risk_tier'],
  [
    'evaluate',
    { ...risky, risk_tier: 'r4' },
    "risk_tier 'r4' is unsupported (allowed: r0, r1, r2, r3)",
    'risk_tier',
  ],
  [
    'evaluate',
    { ...risky, approval_timeout_ms: -1 },
    'approval_timeout_ms must be a non-negative integer',
    'approval_timeout_ms',
  ],
  ['evaluate', { ...risky, entity: 1 }, 'entity must be a string', 'entity'],
  ['evaluate', { ...risky, rationale: {} }, 'rationale must be a string', 'rationale'],
  [
    'evaluate',
    { ...risky, actor_id: 'x'.repeat(401) },
    'actor_id must be 1 to 400 characters without NUL',
    'actor_id',
  ],
  ['decide', { ...decision, pending_id: '' }, 'pending_id must be a non-empty string', 'pending_id'],
  ['decide', { ...decision, approver_id: 7 }, 'approver_id must be a non-empty string', 'approver_id'],
  ['decide', { ...decision, decision: 1 }, "decision must be either 'approve' or 'reject'", 'decision'],
  [
    'decide',
    { ...decision, decision: 'maybe' },
    "decision 'maybe' is unsupported (allowed: approve, reject)",
    'decision',
  ],
  ['decide', { ...decision, reason: 1 }, 'reason must be a string', 'reason'],
  ['audit', { limit: 0 }, 'limit must be an integer between 1 and 500', 'limit'],
  ['audit', { limit: 501 }, 'limit must be an integer between 1 and 500', 'limit'],
];

it('[gating.rpc-texts] refuses what is wrong in the words that clients know, and nothing is on record', async () => {
  const { call } = await served();
  for (const [method, params, text, field] of texts) {
    expect(await call(`gating/${method}`, params)).toMatchObject({
      code: -32602,
      message: `Invalid params: ${text}`,
      data: { kind: 'invalid_params', field },
    });
  }
  expect(await call('gating/audit')).toEqual({ entries: [] });
});

it('[gating.rpc-fields] names a field that the gate itself refuses as the field is called on the wire', async () => {
  const { call } = await served({ approvers: ['bob'] });
  const approver = "requested_approver 'ann' is none of the approvers";
  expect(await call('gating/evaluate', { ...risky, requested_approver: 'ann' })).toMatchObject({
    message: expect.stringContaining(approver),
    data: { kind: 'invalid_params', field: 'requested_approver' },
  });
  const longest = 'approval_timeout_ms must be a non-negative integer of at most ten years';
  expect(await call('gating/evaluate', { ...risky, approval_timeout_ms: 1e12 })).toMatchObject({
    message: expect.stringContaining(longest),
    data: { kind: 'invalid_params', field: 'approval_timeout_ms' },
  });
});

it('[gating.rpc-absent] says of a runtime without a gate that it has none', async () => {
  const { call } = await served({ without: ['gate'] });
  for (const [method, params] of [
    ['evaluate', risky],
    ['pending', {}],
    ['decide', decision],
    ['audit', {}],
  ] as const) {
    expect(await call(`gating/${method}`, params)).toMatchObject({
      data: { kind: 'config_invalid', part: 'gate' },
    });
  }
});
