import { setImmediate as turn } from 'node:timers/promises';

import type { Delivery, Gate, RuntimeService, Scheduler, ServiceHost } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { startRuntime, world } from '../test/support/start-runtime.js';

/** A service that writes into `calls` what is asked of it. */
function service(name: string, calls: string[], given: Partial<RuntimeService> = {}): RuntimeService {
  return {
    async start(host) {
      calls.push(`start ${name}`);
      await given.start?.(host);
    },
    async stop(options) {
      calls.push(`stop ${name} ${options.deadlineMs}`);
      await given.stop?.(options);
    },
  };
}

/** All three, of which the runtime uses no more than that they start and stop. */
function services(calls: string[], given: Partial<Record<string, Partial<RuntimeService>>> = {}) {
  return {
    delivery: service('delivery', calls, given['delivery']) as Delivery,
    gate: service('gate', calls, given['gate']) as Gate,
    scheduler: service('scheduler', calls, given['scheduler']) as Scheduler,
  };
}

it('[runtime.services] starts what works by itself before its members work, and stops it around them', async () => {
  const here = await world();
  let calls: string[] = [];
  here.engine.prepare = (mob) => (calls = mob.calls);
  const record = { push: (call: string) => calls.push(call) } as unknown as string[];
  const { runtime } = await startRuntime(services(record), here);
  const report = await runtime.shutdown();
  expect(calls).toEqual([
    'start delivery',
    'start gate',
    'start scheduler',
    'start',
    'stop scheduler 30000',
    'shutdown 30000',
    'stop gate 30000',
    'stop delivery 30000',
  ]);
  expect(report.errors).toEqual([]);
});

it('[runtime.services-deadline] gives each service what those before it have left of the deadline', async () => {
  const here = await world();
  const calls: string[] = [];
  const stop = async () => here.clock.advance(20_000);
  const { runtime } = await startRuntime(services(calls, { gate: { stop } }), here);
  await runtime.shutdown();
  expect(calls.slice(-2)).toEqual(['stop gate 30000', 'stop delivery 10000']);
});

it('[runtime.services-host] gives a service the mob, and brings what it tells into the timeline', async () => {
  const hosts: ServiceHost[] = [];
  const start = async (host: ServiceHost) => void hosts.push(host);
  const { runtime } = await startRuntime(services([], { gate: { start } }));
  expect(hosts.map(({ mob, modules }) => ({ mob, modules }))).toEqual([
    { mob: runtime.mob, modules: undefined },
  ]);
  const event = { kind: 'module', module: 'gating', eventType: 'decided', payload: {} } as const;
  hosts[0]?.tell({ eventId: 'evt-1', timestampMs: 5, event });
  expect(runtime.moduleEvents().items).toContainEqual(
    expect.objectContaining({ event: { eventId: 'evt-1', timestampMs: 5, event } }) as unknown,
  );
  expect(runtime).toMatchObject({ delivery: expect.anything() as unknown, memory: undefined });
  await runtime.shutdown();
});

it('[runtime.services-undone] stops what had started, and what failed to, when a service does not start', async () => {
  const here = await world();
  const calls: string[] = [];
  const start = () => Promise.reject(new Error('no lease'));
  const failing = startRuntime(services(calls, { scheduler: { start } }), here);
  await expect(failing).rejects.toThrow('no lease');
  expect(calls).toEqual([
    'start delivery',
    'start gate',
    'start scheduler',
    'stop scheduler 10000',
    'stop gate 10000',
    'stop delivery 10000',
  ]);
  expect(here.engine.opened.flatMap((mob) => mob.calls)).toEqual(['shutdown 0']);
  expect(here.clock.waiting).toBe(0);
});

it('[runtime.services-stuck] goes on without a service that does not stop, and says so', async () => {
  const stop = () => new Promise<void>(() => {});
  const refuse = () => Promise.reject(new Error('disk full'));
  const given = services([], { gate: { stop }, delivery: { stop: refuse } });
  const { runtime, clock } = await startRuntime({ ...given, drainTimeoutMs: 1_000 });
  let ended = false;
  const ending = runtime.shutdown().finally(() => (ended = true));
  while (!ended) {
    clock.advance(1_000);
    await turn();
  }
  const { errors } = await ending;
  expect(errors).toEqual([
    'The gate did not stop: no answer after 15000 ms',
    'The delivery did not stop: disk full',
  ]);
});
