import { type JsonValue, MobError } from '@mobkit/core';
import type { ModuleCall } from '@mobkit/core/ops';
import { openDelivery } from '@mobkit/delivery';
import { openGate } from '@mobkit/gating';
import { createModuleMemory, createModuleRouter, createModuleSink } from '@mobkit/modules';
import { openRulesRouter } from '@mobkit/router-rules';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

type Answers = Readonly<Record<string, JsonValue | MobError>>;

/** A gate whose router, delivery and memory are modules that answer, each, what they are told. */
async function gateOf(answers: Answers) {
  const calls: string[] = [];
  const modules = {
    loaded: () => Object.keys(answers),
    async call({ moduleId, method }: ModuleCall) {
      calls.push(method);
      const answer = answers[moduleId] ?? null;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const { storage } = await openMemoryStores();
  const advisor = () => createModuleRouter(modules);
  const router = await openRulesRouter({ storage, mobId: 'crew', routes: [], advisor });
  const delivery = await openDelivery({ storage, sinks: () => [createModuleSink(modules)] });
  const gate = await openGate({ storage, router, delivery, conflicts: [createModuleMemory(modules)] });
  return { gate, calls };
}

const risky = { action: 'deploy', actorId: 'alice', entity: 'db', topic: 'owner' } as const;
const asked = {
  ...risky,
  riskTier: 'r3',
  approvalRecipient: 'bob@example.com',
  approvalChannel: 'approvals',
} as const;

const failed = new MobError('MOB_MODULE_CALL_FAILED', 'the tool failed');
const plain = new MobError('MOB_MODULE_MCP_REQUIRED', "Module 'memory' does not speak MCP");

it('[gating.modules] tells of an approval through modules: the router is asked, then the delivery', async () => {
  const { gate, calls } = await gateOf({ router: {}, delivery: { adapter: 'smtp' } });
  await gate.evaluate(asked);
  expect(calls).toEqual(['routing.resolve', 'delivery.send']);
  expect(await gate.pending()).toMatchObject([
    { approvalRouteId: expect.stringMatching(/^route-/), approvalDeliveryId: expect.stringMatching(/./) },
  ]);
});

it('[gating.modules] has the action wait when the router fails, and asks no delivery then', async () => {
  const { gate, calls } = await gateOf({ router: failed, delivery: {} });
  await gate.evaluate(asked);
  expect(calls).toEqual(['routing.resolve']);
  const [waiting] = await gate.pending();
  expect(waiting).not.toHaveProperty('approvalRouteId');
  expect((await gate.audit(1))[0]?.detail['approval_notification_error']).toMatch(
    /^routing:MOB_MODULE_CALL_FAILED: .*the tool failed/,
  );
});

it('[gating.modules] holds back what a memory module knows a conflict about, or cannot be asked about', async () => {
  const conflict = { entity: 'db', topic: 'owner', store: 'vector', updated_at_ms: 7 };
  const knowing = await gateOf({ memory: { conflict } });
  expect(await knowing.gate.evaluate({ ...risky, riskTier: 'r2' })).toMatchObject({
    outcome: 'safe_draft',
    fallbackReason: 'memory_conflict',
  });
  for (const failure of [failed, plain]) {
    const { gate } = await gateOf({ memory: failure });
    expect(await gate.evaluate({ ...risky, riskTier: 'r2' })).toMatchObject({
      outcome: 'safe_draft',
      fallbackReason: 'memory_conflict_lookup_failed',
    });
    const [entry] = await gate.audit(1);
    expect(entry?.eventType).toBe('memory_conflict_lookup_failed');
    expect(entry?.detail['error']).toContain(failure.message);
  }
});
