import { afterEach, expect, it } from 'vitest';

import { ChildModules } from '../test/support/child-modules.js';
import { startRuntime } from '../test/support/start-runtime.js';

const started: ChildModules[] = [];
afterEach(async () => {
  for (const modules of started.splice(0)) await modules.shutdown({ deadlineMs: 0 });
});

function childModules(...ids: readonly string[]): ChildModules {
  const modules = new ChildModules(ids);
  started.push(modules);
  return modules;
}

it('[runtime.one-owner] starts mob and modules as one, says that both run, and ends both', async () => {
  const modules = childModules('router', 'delivery');
  const { runtime } = await startRuntime({ modules });
  expect(await runtime.status()).toMatchObject({
    running: true,
    mobState: 'Running',
    loadedModules: ['delivery', 'router'],
  });
  expect(runtime.loadedModules().map((id) => runtime.moduleIsRunning(id))).toEqual([true, true]);
  const pids = [...modules.pids];

  const report = await runtime.shutdown();
  expect(report).toMatchObject({
    mobStop: 'ok',
    moduleShutdown: { terminatedModules: ['delivery', 'router'], orphanProcesses: 0 },
    errors: [],
  });
  expect(await runtime.status()).toMatchObject({ running: false, mobState: 'Stopped', loadedModules: [] });
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

it('[runtime.stages] reaches its stages in order, the last two when it ends', async () => {
  const { runtime, mob, clock } = await startRuntime();
  expect(runtime.moduleLifecycleEvents()).toEqual([
    { seq: 0, stage: 'MobStarted', timestampMs: 1_000 },
    { seq: 1, stage: 'ModulesStarted', timestampMs: 1_000 },
    { seq: 2, stage: 'MergedStreamStarted', timestampMs: 1_000 },
  ]);
  clock.advance(1_000);
  const stages = () => runtime.moduleLifecycleEvents().map(({ stage }) => stage);
  mob.shutdown = async () => {
    expect(stages().slice(3)).toEqual(['ShutdownRequested']);
    return { interrupted: [], errors: [] };
  };
  expect((await runtime.shutdown()).errors).toEqual([]);
  await runtime.shutdown();
  expect(runtime.moduleLifecycleEvents().slice(3)).toEqual([
    { seq: 3, stage: 'ShutdownRequested', timestampMs: 2_000 },
    { seq: 4, stage: 'ShutdownComplete', timestampMs: 2_000 },
  ]);
});

it('[runtime.shutdown-empty] waits for nothing when nobody is there', async () => {
  const { runtime, clock } = await startRuntime();
  expect(runtime.mob.members()).toEqual([]);
  // The clock stands: whatever waited would not come to an end.
  const report = await runtime.shutdown();
  expect(report.drain).toEqual({ drainedCount: 0, timedOut: false, drainDurationMs: 0 });
  expect(report).toMatchObject({ moduleShutdown: { orphanProcesses: 0 }, mobStop: 'ok', errors: [] });
  expect(clock.waiting).toBe(0);
});

it('[runtime.reconcile-modules] starts modules that are wanted and not loaded, and knows how each of them is', async () => {
  const modules = childModules('router');
  const { runtime } = await startRuntime({ modules });
  expect(await runtime.reconcileModules(['router', 'delivery'])).toBe(1);
  expect(runtime.loadedModules()).toEqual(['delivery', 'router']);
  expect(runtime.moduleHealthTransitions()).toMatchObject([
    { moduleId: 'delivery', to: 'Healthy' },
    { moduleId: 'router', to: 'Healthy' },
  ]);
  expect(runtime.moduleIsRunning('scheduling')).toBe(false);
  await runtime.shutdown();
  await expect(runtime.reconcileModules([])).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
});

it('[runtime.no-modules] has no modules without a host of them', async () => {
  const { runtime } = await startRuntime();
  expect([runtime.loadedModules(), runtime.moduleHealthTransitions()]).toEqual([[], []]);
  expect(runtime.moduleIsRunning('router')).toBe(false);
  expect(await runtime.reconcileModules([])).toBe(0);
  await expect(runtime.reconcileModules(['router'])).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    details: { module: 'router' },
  });
});
