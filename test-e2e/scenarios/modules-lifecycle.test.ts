import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { appMain, startServer } from '../support/app-process.js';
import { isLive, mcpModule, writeModuleMob } from '../support/module-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface Resolution {
  readonly route_id: string;
}

interface Events {
  readonly events: readonly { readonly event: { readonly event_type: string } }[];
}

interface Modules {
  readonly modules: readonly { readonly pid?: number }[];
}

it('[app.module-lifecycle] starts three modules, shapes the mob, fires a schedule, routes, delivers and ends, with every part played by a module', async () => {
  const scheduling = {
    MOBKIT_PHASE_C_SCHEDULING_MEMBER: 'worker-1',
    MOBKIT_PHASE_C_SCHEDULING_MESSAGE_PREFIX: 'phase5-happy',
    MOBKIT_PHASE_C_SCHEDULING_DISABLE_INJECTION: '0',
  };
  const { mob, state } = writeModuleMob([
    mcpModule('router'),
    mcpModule('delivery'),
    mcpModule('scheduling', scheduling),
  ]);
  const app = startServer([mob, '--state', state]);
  await app.url();
  expect(await app.rpc('mobkit/status')).toMatchObject({
    running: true,
    mob_state: 'Running',
    loaded_modules: ['delivery', 'router', 'scheduling'],
  });
  const { modules } = await app.rpc<Modules>('mobkit/modules/list');
  expect(modules.map(({ pid }) => isLive(pid))).toEqual([true, true, true]);

  expect(
    await app.rpc('mobkit/reconcile', {
      members: [
        { agent_identity: 'lead-1', role: 'lead' },
        { agent_identity: 'worker-1', role: 'worker' },
      ],
    }),
  ).toMatchObject({
    mob: { spawned: [{ agent_identity: 'lead-1' }, { agent_identity: 'worker-1' }] },
    routing: {
      router_module_loaded: true,
      added_route_keys: ['mob.member.lead-1', 'mob.member.worker-1'],
    },
  });
  await app.rpc('mobkit/send_message', { member_id: 'worker-1', message: 'phase5 happy path interaction' });

  const schedule = { schedule_id: 'phase5-happy', interval: '*/1m', timezone: 'UTC' };
  const dispatch = await app.rpc<{ readonly dispatched: readonly object[] }>('mobkit/scheduling/dispatch', {
    tick_ms: 60_000,
    schedules: [schedule],
  });
  expect(dispatch.dispatched).toEqual([
    expect.objectContaining({
      due_tick_ms: 60_000,
      runtime_injection: expect.objectContaining({
        member_id: 'worker-1',
        message: 'phase5-happy:phase5-happy',
      }) as object,
      runtime_injection_error: null,
    }),
  ]);
  const { events } = await app.rpc<Events>('mobkit/events/subscribe');
  expect(events.map(({ event }) => event.event_type)).toContain('runtime.injection.executed');
  await app.line(({ msg }) => msg.includes('phase5-happy:phase5-happy'));

  const resolution = await app.rpc<Resolution>('mobkit/routing/resolve', {
    recipient: 'user@example.com',
    channel: 'transactional',
    retry_max: 1,
    backoff_ms: 125,
    rate_limit_per_minute: 10,
  });
  expect(resolution).toMatchObject({ target_module: 'delivery', sink: 'email', backoff_ms: 125 });
  const request = {
    resolution,
    payload: { message: 'phase5 lifecycle happy path' },
    idempotency_key: 'phase5-e2e-004',
  };
  const delivery = await app.rpc<object>('mobkit/delivery/send', request);
  expect(delivery).toMatchObject({
    route_id: resolution.route_id,
    status: 'sent',
    target_module: 'delivery',
    sink_adapter: 'smtp-mock',
    attempts: [{ status: 'sent' }],
  });
  expect(await app.rpc('mobkit/delivery/send', request)).toEqual(delivery);

  expect(await app.stop()).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(app.lines.find(({ msg }) => msg.startsWith('Shut down'))).toMatchObject({
    report: {
      moduleShutdown: { terminatedModules: ['delivery', 'router', 'scheduling'], orphanProcesses: 0 },
      mobStop: 'ok',
      errors: [],
    },
    stages: ['MobStarted', 'ModulesStarted', 'MergedStreamStarted', 'ShutdownRequested', 'ShutdownComplete'],
  });
  expect(modules.map(({ pid }) => isLive(pid))).toEqual([false, false, false]);
});

it('[app.module-router] has its messages routed by another process of mobkit, and by itself when that one has ended', async () => {
  const elsewhere = temporaryDirectory();
  const routed = join(elsewhere, 'mob.toml');
  writeFileSync(routed, '[mob]\nid = "routes"\n\n[profiles.none]\nmodel = "scripted"\n');
  writeFileSync(
    join(elsewhere, 'mobkit.config.toml'),
    '[[routes]]\nroute_key = "pager"\nrecipient = "ops@example.com"\nsink = "log"\nretry_max = 3\n',
  );
  const args = [appMain, 'module', 'router', routed];
  const router = {
    id: 'router',
    command: process.execPath,
    args,
    restart_policy: 'never',
    boundary: 'mcp',
  } as const;
  const { mob, state } = writeModuleMob([router]);
  const app = startServer([mob, '--state', state]);
  await app.url();
  const resolve = () => app.rpc('mobkit/routing/resolve', { recipient: 'ops@example.com' });
  expect(await resolve()).toMatchObject({ sink: 'log', retry_max: 3 });
  const { modules } = await app.rpc<Modules>('mobkit/modules/list');
  process.kill(modules[0]?.pid ?? 0, 'SIGKILL');
  await expect.poll(() => app.rpc('mobkit/status')).toMatchObject({ loaded_modules: [] });
  expect(await resolve()).toMatchObject({ sink: 'email', retry_max: 1 });
});
