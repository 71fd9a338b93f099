import { expect, it } from 'vitest';

import { openStage } from './support/module-stage.js';

const mail = { recipient: 'user@example.com', channel: 'transactional' };
const risky = { action: 'deploy', actorId: 'worker', riskTier: 'r3' } as const;
const told = { approvalRecipient: 'ann@example.com', approvalChannel: 'approvals' };
const minutely = { schedule_id: 'minutely', interval: '*/1m', timezone: 'UTC' };

/** The calls in a log of fixtures, without their arguments. */
const callsIn = (log: readonly string[]) =>
  log.filter((line) => line.includes(':call:')).map((line) => line.split(':{')[0]);

it('[app.module-parts] routes and delivers through modules: the sink and the adapter are what their tools say', async () => {
  const { call, log } = await openStage({
    mcp: { router: { ROUTER_SINK: 'pager' }, delivery: { DELIVERY_ADAPTER: 'beeper' } },
  });
  const resolution = await call('mobkit/routing/resolve', mail);
  expect(resolution).toMatchObject({ sink: 'pager', target_module: 'delivery' });
  const sent = await call('mobkit/delivery/send', { resolution, payload: { n: 1 } });
  expect(sent).toMatchObject({ status: 'sent', sink: 'pager', sink_adapter: 'beeper' });
  const failed = await call('mobkit/delivery/send', { resolution, payload: { force_adapter_fail: true } });
  expect(failed).toMatchObject({ status: 'failed', attempts: [{ status: 'failed' }] });
  expect(callsIn(log())).toEqual([
    'router:call:routing.resolve',
    'delivery:call:delivery.send',
    'delivery:call:delivery.send',
  ]);
});

it('[app.module-parts] asks the module that routes, then the one that delivers, for the notice of an approval', async () => {
  const { runtime, log } = await openStage({ mcp: { router: {}, delivery: {} } });
  await runtime.gate?.evaluate({ ...risky, ...told });
  expect(callsIn(log())).toEqual(['router:call:routing.resolve', 'delivery:call:delivery.send']);
  const [pending] = (await runtime.gate?.pending()) ?? [];
  expect([pending?.approvalRouteId, pending?.approvalDeliveryId]).toEqual([
    expect.any(String) as string,
    expect.any(String) as string,
  ]);
});

it('[app.module-parts-fail] resolves nothing when the module fails; an approval waits all the same, and nobody is told', async () => {
  const { runtime, fail, log } = await openStage({
    mcp: { router: { FAIL_TOOL: 'routing.resolve' }, delivery: {} },
  });
  expect(await fail('mobkit/routing/resolve', mail)).toMatchObject({
    data: { kind: 'module_call_failed', module: 'router', tool: 'routing.resolve', reason: 'tool_failed' },
  });
  expect(await runtime.gate?.evaluate({ ...risky, ...told })).toMatchObject({ outcome: 'pending_approval' });
  const [pending] = (await runtime.gate?.pending()) ?? [];
  expect(pending).not.toHaveProperty('approvalDeliveryId');
  expect(callsIn(log())).not.toContain('delivery:call:delivery.send');
});

it('[app.module-memory] holds an action back about which the module knows of a conflict, or cannot say', async () => {
  const about = { ...risky, riskTier: 'r2', entity: 'invoice-7', topic: 'amount' } as const;
  const { runtime } = await openStage({ mcp: { memory: { MEMORY_CONFLICT_KEY: 'invoice-7:amount' } } });
  const held = { outcome: 'safe_draft', fallbackReason: 'memory_conflict' };
  expect(await runtime.gate?.evaluate(about)).toMatchObject(held);
  expect(await runtime.gate?.evaluate({ ...about, entity: 'invoice-8' })).toMatchObject({
    outcome: 'allowed_with_audit',
  });
  const failing = await openStage({ mcp: { memory: { FAIL_TOOL: 'memory.conflict_read' } } });
  expect(await failing.runtime.gate?.evaluate(about)).toMatchObject({
    outcome: 'safe_draft',
    fallbackReason: 'memory_conflict_lookup_failed',
  });
  expect(await failing.runtime.gate?.audit(1)).toMatchObject([
    { eventType: 'memory_conflict_lookup_failed' },
  ]);
});

it('[app.module-schedules] tells a member what the module says at a tick, and lists a claim whose module failed', async () => {
  const { call, runtime } = await openStage({ mcp: { scheduling: { SCHEDULING_MEMBER: 'worker-1' } } });
  await runtime.roster.spawn({ identity: 'worker-1', profile: 'worker' });
  const tick = { schedules: [minutely], tick_ms: 60_000 };
  expect(await call('mobkit/scheduling/dispatch', tick)).toMatchObject({
    dispatched: [
      {
        runtime_injection: { member_id: 'worker-1', message: 'dispatch:minutely' },
        runtime_injection_error: null,
      },
    ],
  });
  const types = runtime
    .moduleEvents()
    .items.flatMap((item) =>
      item.type === 'event' && item.source === 'module' ? [item.event.event.eventType] : [],
    );
  expect(types).toEqual(expect.arrayContaining(['injection.dispatch', 'runtime.injection.executed']));
  const failing = await openStage({ mcp: { scheduling: { FAIL_TOOL: 'scheduling.dispatch' } } });
  expect(await failing.call('mobkit/scheduling/dispatch', tick)).toMatchObject({
    dispatched: [
      {
        schedule_id: 'minutely',
        runtime_injection: null,
        runtime_injection_error: expect.stringContaining('scheduling.dispatch') as string,
      },
    ],
  });
});

it('[app.module-boundary] refuses a part that is played by a module which does not speak MCP', async () => {
  const required = { kind: 'module_mcp_required' };
  const { call, fail, runtime } = await openStage({ lines: ['router', 'delivery', 'memory', 'scheduling'] });
  expect(await fail('mobkit/routing/resolve', mail)).toMatchObject({
    data: { ...required, module: 'router', flow: 'routing.resolve' },
  });
  expect(await fail('memory/anything')).toMatchObject({
    data: { ...required, module: 'memory', flow: 'memory/anything' },
  });
  const about = { ...risky, riskTier: 'r2', entity: 'invoice-7', topic: 'amount' } as const;
  expect(await runtime.gate?.evaluate(about)).toMatchObject({
    outcome: 'safe_draft',
    fallbackReason: 'memory_conflict_lookup_failed',
  });
  const tick = { schedules: [minutely], tick_ms: 60_000 };
  expect(await call('mobkit/scheduling/dispatch', tick)).toMatchObject({
    dispatched: [{ runtime_injection_error: expect.stringContaining('MCP') as string }],
  });
});

it('[app.module-boundary] records what a delivery module that does not speak MCP cannot take; members are reached without it', async () => {
  const { call, runtime } = await openStage({ lines: ['delivery'] });
  await runtime.shape.reconcile({ members: [{ identity: 'worker-1', profile: 'worker' }] });
  const resolution = await call('mobkit/routing/resolve', mail);
  expect(await call('mobkit/delivery/send', { resolution, payload: 'hello' })).toMatchObject({
    status: 'failed',
    attempts: [{ error: expect.stringContaining('MCP') as string }],
  });
  const inside = await call('mobkit/routing/resolve', { recipient: 'worker-1' });
  expect(await call('mobkit/delivery/send', { resolution: inside, payload: 'hello' })).toMatchObject({
    status: 'sent',
    sink: 'mob_member',
  });
});

it('[rpc.spawn-modes] says that modules can be spawned where there is a host of them', async () => {
  const { call } = await openStage({});
  expect(await call('mobkit/capabilities')).toMatchObject({
    runtime_capabilities: { available_spawn_modes: ['module', 'profile'] },
  });
});
