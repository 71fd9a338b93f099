import { MobError } from '@mobkit/core';
import type { ModuleCall, ModuleHost, ModuleStatus } from '@mobkit/core/ops';
import type { UnifiedRuntime } from '@mobkit/runtime';
import { expect, it } from 'vitest';

import { createRpcHandler } from './rpc-handler.js';

/** A host of one module, which answers with what it was asked. */
function served(hosted = true) {
  const spawned: string[] = [];
  const status: ModuleStatus = {
    moduleId: 'router',
    state: 'Healthy',
    boundary: 'mcp',
    loaded: true,
    pid: 7,
    restarts: 1,
    stderrTail: ['careful'],
  };
  const modules: Partial<ModuleHost> = {
    boundaryOf: (moduleId) => (moduleId === 'router' ? 'mcp' : undefined),
    modules: () => [
      status,
      { moduleId: 'spare', boundary: 'lines', loaded: false, restarts: 0, stderrTail: [] },
    ],
    spawn: async (moduleId) => void spawned.push(moduleId),
    call: async ({ moduleId, method, params = 'nothing' }: ModuleCall) => {
      if (moduleId === 'router') return { method, params };
      const details = { module: moduleId };
      throw new MobError('MOB_MODULE_NOT_LOADED', `Module '${moduleId}' not loaded`, { details });
    },
  };
  const runtime = {
    modules: hosted ? modules : undefined,
    moduleHealthTransitions: () => [
      { moduleId: 'router', to: 'Starting', attempt: 0 },
      { moduleId: 'router', from: 'Starting', to: 'Healthy', attempt: 1 },
    ],
    moduleLifecycleEvents: () => [{ seq: 0, stage: 'MobStarted', atMs: 5 }],
  } as unknown as UnifiedRuntime;
  const rpc = createRpcHandler({ runtime });
  const ask = async (method: string, params?: unknown) =>
    rpc.handle({ jsonrpc: '2.0', id: 1, method, ...(params !== undefined && { params }) });
  return { ask, spawned };
}

it('[rpc.call-tool] calls a tool of a module and answers its result beside both names', async () => {
  const { ask } = served();
  expect(
    await ask('mobkit/call_tool', { module_id: 'router', tool: 'routing.resolve', arguments: { n: 1 } }),
  ).toMatchObject({
    result: {
      module_id: 'router',
      tool: 'routing.resolve',
      result: { method: 'routing.resolve', params: { n: 1 } },
    },
  });
  expect(await ask('mobkit/call_tool', { module_id: 'router', tool: 'ping' })).toMatchObject({
    result: { result: { params: 'nothing' } },
  });
  for (const params of [{}, { module_id: 'router' }, { tool: 'x' }, { module_id: 'router', tool: ' ' }]) {
    expect(await ask('mobkit/call_tool', params)).toMatchObject({
      error: { code: -32602, message: 'Invalid params: module_id and tool required' },
    });
  }
});

it('[rpc.module-method] takes a method before whose slash a module stands for a call of it, by the whole name', async () => {
  const { ask } = served();
  expect(await ask('router/routes/warm', { n: 1 })).toMatchObject({
    result: {
      module_id: 'router',
      method: 'router/routes/warm',
      payload: { method: 'router/routes/warm', params: { n: 1 } },
    },
  });
  const absent = {
    error: {
      code: -32601,
      message: "Module 'ghost' not loaded",
      data: { kind: 'module_not_loaded', module: 'ghost' },
    },
  };
  expect(await ask('ghost/hello')).toMatchObject(absent);
  expect(await served(false).ask('ghost/hello')).toMatchObject(absent);
  expect(await ask('mobkit/hello')).toMatchObject({ error: { data: { kind: 'method_not_found' } } });
  expect(await ask('/hello')).toMatchObject({ error: { data: { kind: 'method_not_found' } } });
});

it('[rpc.spawn-module] spawns a module by its id alone, and refuses one that is not configured', async () => {
  const { ask, spawned } = served();
  expect(await ask('mobkit/spawn_member', { module_id: 'router' })).toMatchObject({
    result: { accepted: true, module_id: 'router' },
  });
  for (const params of [{ module_id: 'ghost' }, { module_id: 'router', role: 'lead' }]) {
    expect(await ask('mobkit/spawn_member', params)).toMatchObject({ error: { code: -32602 } });
  }
  expect(await ask('mobkit/reconcile', { modules: ['router', 'ghost'] })).toMatchObject({
    error: { code: -32602, data: { field: 'modules' } },
  });
  expect(spawned).toEqual(['router']);
});

it('[rpc.modules-list] tells how every module is, how it got there, and which stages the runtime has reached', async () => {
  expect(await served().ask('mobkit/modules/list')).toMatchObject({
    result: {
      modules: [
        {
          module_id: 'router',
          state: 'Healthy',
          boundary: 'mcp',
          loaded: true,
          pid: 7,
          restarts: 1,
          stderr_tail: ['careful'],
        },
        { module_id: 'spare', boundary: 'lines', loaded: false, restarts: 0, stderr_tail: [] },
      ],
      transitions: [
        { module_id: 'router', from: null, to: 'Starting', attempt: 0 },
        { module_id: 'router', from: 'Starting', to: 'Healthy', attempt: 1 },
      ],
      lifecycle: [{ seq: 0, stage: 'MobStarted' }],
    },
  });
  expect(await served(false).ask('mobkit/modules/list')).toMatchObject({ result: { modules: [] } });
});
