import { ManualClock } from '@mobkit/contract-kit';
import type { Storage } from '@mobkit/core';
import type { Delivery, DeliveryRequest, MemoryConflicts, Router, ServiceHost } from '@mobkit/core/ops';
import { assemble, type MobPlugin, tokens } from '@mobkit/di';
import { type GateOptions, openGate } from '@mobkit/gating';
import { gating } from '@mobkit/gating/plugin';
import { openMemoryStores } from '@mobkit/store-memory';
import { storeMemory } from '@mobkit/store-memory/plugin';
import { expect, it } from 'vitest';

const risky = { action: 'deploy', actorId: 'alice', riskTier: 'r3' } as const;
const notice = { approvalRecipient: 'bob', approvalChannel: 'approvals' };
const host = { tell: () => {}, onError: () => {} } as Pick<ServiceHost, 'tell' | 'onError'> as ServiceHost;

const router = {
  resolve: async ({ recipient, channel = '' }: Parameters<Router['resolve']>[0]) => ({
    routeId: 'route-1',
    recipient,
    channel,
    sink: 'box',
    targetModule: 'delivery',
    retryMax: 0,
    backoffMs: 1,
    rateLimitPerMinute: 10,
  }),
};

const errorOf = async (options: Partial<GateOptions>) => {
  const { storage } = await openMemoryStores();
  const gate = await openGate({ storage, ...options });
  await gate.evaluate({ ...risky, ...notice });
  expect(await gate.pending()).toHaveLength(1);
  const [created] = await gate.audit(1);
  return created?.detail['approval_notification_error'];
};

it('[gating.notice-parts] has an action wait without a notice when a part is missing, and names the part', async () => {
  const delivery = { send: () => expect.unreachable() };
  expect(await errorOf({})).toBe('notification_modules_unavailable:router,delivery');
  expect(await errorOf({ router })).toBe('notification_modules_unavailable:delivery');
  expect(await errorOf({ delivery })).toBe('notification_modules_unavailable:router');
});

it('[gating.notice-parts] never asks the delivery when the router fails, and keeps why', async () => {
  const refuses = { resolve: () => Promise.reject(new Error('the module died')) };
  const delivery = { send: () => expect.unreachable() };
  expect(await errorOf({ router: refuses, delivery })).toBe('routing:the module died');
});

it('[gating.bounded] refuses what would wait beyond 512, with a typed error, until one is decided', async () => {
  const { storage } = await openMemoryStores();
  const gate = await openGate({ storage });
  const asked = await Promise.all(Array.from({ length: 512 }, () => gate.evaluate(risky)));
  await expect(gate.evaluate(risky)).rejects.toMatchObject({
    code: 'MOB_RATE_LIMITED',
    retryable: true,
    details: { reason: 'too_many_pending', limit: 512 },
  });
  const [{ pendingId = '' } = {}] = asked;
  await gate.decide({ pendingId, approverId: 'bob', decision: 'reject' });
  expect(await gate.evaluate(risky)).toMatchObject({ outcome: 'pending_approval' });
  expect(await gate.pending()).toHaveLength(512);
});

it('[gating.notice-crash] tells again, under the same key, of what a process that died may have told nobody', async () => {
  const { storage } = await openMemoryStores();
  const clock = new ManualClock(1_000);
  const sent: DeliveryRequest[] = [];
  // The first process dies in the middle of it.
  const hangs = { send: (request: DeliveryRequest) => (sent.push(request), new Promise<never>(() => {})) };
  const dead = await openGate({ storage, clock, router, delivery: hangs });
  void dead.evaluate({ ...risky, ...notice, approvalTimeoutMs: 600_000 });
  await expect.poll(() => sent.length).toBe(1);
  const delivery: Pick<Delivery, 'send'> = {
    async send(request) {
      sent.push(request);
      return { ...request, deliveryId: 'd-1', status: 'sent', attempts: [] };
    },
  };
  const gate = await openGate({ storage, clock, router, delivery });
  await gate.start(host);
  expect(await gate.pending()).toMatchObject([{ actorId: 'alice' }]);
  expect(sent).toHaveLength(1);
  clock.advance(60_000);
  await expect.poll(() => gate.audit(1)).toMatchObject([{ eventType: 'pending_created' }]);
  expect(await gate.pending()).toMatchObject([{ approvalDeliveryId: 'd-1' }]);
  expect(new Set(sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  await gate.stop({ deadlineMs: 1_000 });
  expect(clock.waiting).toBe(0);
});

it('[gating.notice-slow] starts and ends what is due while a notice that it tells again is on its way', async () => {
  const { storage } = await openMemoryStores();
  const clock = new ManualClock(1_000);
  const delivery = { send: () => new Promise<never>(() => {}) };
  const dead = await openGate({ storage, clock, router, delivery });
  void dead.evaluate({ ...risky, ...notice, approvalTimeoutMs: 600_000 });
  await expect.poll(() => dead.pending()).toHaveLength(1);
  await dead.evaluate({ ...risky, approvalTimeoutMs: 80_000 });
  await dead.evaluate({ ...risky, approvalTimeoutMs: 90_000 });
  clock.advance(85_000);
  const gate = await openGate({ storage, clock, router, delivery });
  await gate.start(host);
  expect(await gate.audit(1)).toMatchObject([{ eventType: 'timeout_fallback' }]);
  clock.advance(5_000);
  await expect
    .poll(async () => (await gate.audit(2)).map(({ eventType }) => eventType))
    .toEqual(['timeout_fallback', 'timeout_fallback']);
  expect(await gate.pending()).toHaveLength(1);
  const stopped = gate.stop({ deadlineMs: 10 });
  await expect.poll(() => clock.waiting).toBe(1);
  clock.advance(10);
  await stopped;
});

it('[gating.audit-bounded] lets the oldest entries beyond 10,000 go, also when no process writes many', async () => {
  const { storage } = await openMemoryStores();
  await openGate({ storage });
  const fields = { action_id: 'text', pending_id: 'text', event_type: 'text' } as const;
  const log = storage.log({ kind: 'log', name: 'gate_audit', fields });
  const entry = { timestampMs: 1, fields: { event_type: 'evaluated' }, data: '{}' };
  await log.append(Array.from({ length: 10_100 }, (_one, at) => ({ ...entry, id: `more-${at}` })));
  const gate = await openGate({ storage });
  await gate.start(host);
  const { firstSeq, lastSeq } = await log.bounds();
  expect(lastSeq - firstSeq + 1).toBe(10_000);
  await gate.stop({ deadlineMs: 1_000 });
});

const call = { callKey: 'c', mobId: 'm', identity: 'w', tool: 'deploy', tier: 'r3' } as const;
const { signal } = new AbortController();

it('[gating.call-arguments] asks nobody about arguments that nobody could read', async () => {
  const { storage } = await openMemoryStores();
  const gate = await openGate({ storage });
  expect(await gate.admitCall({ ...call, args: { text: 'x'.repeat(70_000) } }, { signal })).toMatchObject({
    allowed: false,
    reason: expect.stringContaining('at most 65536'),
  });
  expect(await gate.pending()).toEqual([]);
});

it('[gating.call-conflict] denies a call whose arguments name what facts contradict each other about', async () => {
  const { storage } = await openMemoryStores();
  const conflict = { entity: 'db', topic: 'owner', store: 'vector', updatedAtMs: 7 };
  const knows = {
    conflictFor: async ({ entity }: { readonly entity?: string }) => (entity === 'db' ? conflict : undefined),
    conflictCount: async () => 1,
  };
  const gate = await openGate({ storage, conflicts: [knows] });
  const verdictOf = (args: unknown, callKey: string) =>
    gate.admitCall({ ...call, callKey, args, tier: 'r2' }, { signal });
  expect(await verdictOf({ entity: 'db', topic: 'owner' }, 'one')).toMatchObject({ allowed: false });
  expect(await verdictOf({ to: 'prod' }, 'two')).toEqual({ allowed: true });
});

it.each([
  ['longer than a name', 'x'.repeat(191)],
  ['of two lines', 'first\nsecond'],
])(
  '[gating.call-about] asks memory nothing about an argument that can be the name of nothing: %s',
  async (_what, topic) => {
    const { storage } = await openMemoryStores();
    const conflict = { entity: 'db', topic: 'owner', store: 'vector', updatedAtMs: 7 };
    const knows: MemoryConflicts = {
      async conflictFor(about) {
        if (about.topic !== undefined) throw new Error('topic must be at most 190 characters');
        return about.entity === 'db' ? conflict : undefined;
      },
      conflictCount: async () => 1,
    };
    const gate = await openGate({ storage, conflicts: [knows] });
    const verdictOf = (args: unknown, callKey: string) =>
      gate.admitCall({ ...call, callKey, args, tier: 'r2' }, { signal });
    expect(await verdictOf({ topic }, 'one')).toEqual({ allowed: true });
    // What else it says that it is about still counts.
    expect(await verdictOf({ entity: 'db', topic }, 'two')).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('contradicts itself'),
    });
  },
);

it('[gating.call-notice] tells whom it is to tell about calls, with the tool and its arguments', async () => {
  const { storage } = await openMemoryStores();
  const sent: DeliveryRequest[] = [];
  const delivery: Pick<Delivery, 'send'> = {
    async send(request) {
      sent.push(request);
      return { ...request, deliveryId: 'd-1', status: 'sent', attempts: [] };
    },
  };
  const calls = { notify: { recipient: 'bob', channel: 'approvals' }, timeoutMs: 5_000 };
  const gate = await openGate({ storage, router, delivery, calls, clock: new ManualClock(1_000) });
  const verdict = gate.admitCall({ ...call, args: { to: 'prod' } }, { signal });
  await expect.poll(() => gate.pending()).toMatchObject([{ approvalDeliveryId: 'd-1', deadlineAtMs: 6_000 }]);
  expect(sent).toMatchObject([{ payload: { tool: 'deploy', args: { to: 'prod' }, actor_id: 'w' } }]);
  await gate.settle('c');
  expect(await verdict).toMatchObject({ allowed: false });
});

it('[gating.options] refuses a quorum that cannot be reached', async () => {
  const { storage } = await openMemoryStores();
  await expect(openGate({ storage, approvers: ['bob'], quorum: 2 })).rejects.toThrow(TypeError);
  await expect(openGate({ storage, approvers: ['bob', 'bob'], quorum: 2 })).rejects.toThrow(TypeError);
  await expect(openGate({ storage, quorum: 0 })).rejects.toThrow(TypeError);
});

it('[gating.store-lost] looks again when the storage could not be asked what is due', async () => {
  const { storage } = await openMemoryStores();
  const clock = new ManualClock(1_000);
  let fails = 0;
  const flaky: Storage = {
    supports: storage.supports,
    prepare: (definitions) => storage.prepare(definitions),
    log: (definition, partition) => storage.log(definition, partition),
    contents: () => storage.contents(),
    commit: (write) => storage.commit(write),
    records: (definition) => {
      const records = storage.records(definition);
      return {
        get: (key) => records.get(key),
        put: (key, record, options) => records.put(key, record, options),
        delete: (key, options) => records.delete(key, options),
        claimDue: (claim) => records.claimDue(claim),
        list: (query) => (fails-- > 0 ? Promise.reject(new Error('gone')) : records.list(query)),
      };
    },
  };
  const errors: unknown[] = [];
  const gate = await openGate({ storage: flaky, clock });
  await gate.start({ ...host, onError: (error) => void errors.push(error) });
  await gate.evaluate({ ...risky, approvalTimeoutMs: 1_000 });
  await expect.poll(() => clock.nextDueMs).toBe(1_000);
  fails = 1;
  clock.advance(1_000);
  await expect.poll(() => errors).toMatchObject([{ category: 'store_failure' }]);
  await expect.poll(() => clock.nextDueMs).toBeLessThan(100);
  clock.advance(100);
  await expect.poll(() => gate.audit(1)).toMatchObject([{ eventType: 'timeout_fallback' }]);
  await gate.stop({ deadlineMs: 1_000 });
});

it('[gating.plugin] provides a gate over the storage, with every source of conflicts that plugins contribute', async () => {
  const conflict = { entity: 'db', topic: 'owner', store: 'vector', updatedAtMs: 7 };
  const knows: MobPlugin = {
    name: 'knows',
    register: (context) =>
      context.contribute(tokens.memoryConflicts, () => ({
        conflictFor: async () => conflict,
        conflictCount: async () => 1,
      })),
  };
  const app = assemble([storeMemory(), gating({ approvers: ['bob'] }), knows]);
  await app.start();
  const gate = app.container.resolve(tokens.gate);
  const about = { ...risky, entity: 'db', topic: 'owner' };
  expect(await gate.evaluate(about)).toMatchObject({ fallbackReason: 'memory_conflict' });
  await app.stop();
});

it('[gating.approver-names] knows approvers by their names without what stands around them, and counts nobody twice', async () => {
  const { storage } = await openMemoryStores();
  const gate = await openGate({ storage, approvers: [' ann ', 'bob'] });
  const { pendingId = '' } = await gate.evaluate(risky);
  await gate.decide({ pendingId, approverId: 'ann', decision: 'approve' });
  await expect(openGate({ storage, approvers: ['ann', 'ann '], quorum: 2 })).rejects.toThrow('quorum');
  await expect(openGate({ storage, approvers: ['ann', ' '] })).rejects.toThrow('blank');
});

it('[gating.scope] decides about what is of its own scope, and shows and tells of nothing else', async () => {
  const { storage } = await openMemoryStores();
  const own = await openGate({ storage, scope: 'alpha', approvers: ['ann'] });
  const { pendingId = '' } = await own.evaluate(risky);
  for (const scope of ['beta', undefined]) {
    const other = await openGate({ storage, ...(scope !== undefined && { scope }) });
    expect([await other.pending(), await other.audit(10)]).toEqual([[], []]);
    await expect(other.decide({ pendingId, approverId: 'eve', decision: 'approve' })).rejects.toMatchObject({
      code: 'MOB_APPROVAL_NOT_FOUND',
    });
  }
  const again = await openGate({ storage, scope: 'alpha' });
  expect(await again.pending()).toMatchObject([{ pendingId }]);
});

it('[gating.approver-gone] counts no approval of somebody who is no approver any more', async () => {
  const { storage } = await openMemoryStores();
  const before = await openGate({ storage, approvers: ['ann', 'bob', 'cid'], quorum: 2 });
  const { pendingId = '' } = await before.evaluate(risky);
  const by = (approverId: string) => ({ pendingId, approverId, decision: 'approve' }) as const;
  await before.decide(by('ann'));
  const gate = await openGate({ storage, approvers: ['bob', 'cid'], quorum: 2 });
  expect(await gate.decide(by('bob'))).toMatchObject({ outcome: 'pending_approval' });
  expect(await gate.pending()).toMatchObject([{ approvedBy: ['bob'] }]);
  expect(await gate.decide(by('cid'))).toMatchObject({ outcome: 'allowed' });
});
