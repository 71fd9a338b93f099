import { existsSync, readFileSync } from 'node:fs';

import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { mcp, mcpEnv, startModules, temporaryFile } from '../test/support/start-modules.js';
import { tricks, tricksEnv } from '../test/support/tricks.js';

it('[modules.mcp-ready] is ready when a server has said what it offers, and is asked in one session', async () => {
  const log = temporaryFile();
  const { host, eventsOf, call, pid } = await startModules({
    modules: [mcp('router')],
    preSpawn: [mcpEnv('router', { MOBKIT_PHASE_C_LOG_PATH: log, MOBKIT_PHASE_C_ROUTER_SINK: 'sms' })],
  });
  expect(host.boundaryOf('router')).toBe('mcp');
  expect(host.tools('router')).toEqual(['routing.resolve']);
  expect(eventsOf('mcp.ready')).toMatchObject([{ payload: { tools: ['routing.resolve'] } }]);
  const first = pid();
  const answer = { sink: 'sms', target_module: 'delivery' };
  expect(await call('routing.resolve', { recipient: 'a' })).toEqual(answer);
  expect(await call('routing.resolve')).toEqual(answer);
  expect(pid()).toBe(first);
  expect(readFileSync(log, 'utf8').split('\n')).toEqual([
    'router:list_tools',
    'router:call:routing.resolve:{"recipient":"a"}',
    'router:call:routing.resolve:{}',
    '',
  ]);
});

it('[modules.mcp-answers] answers JSON as it is, other text as text, and what is no text whole', async () => {
  const { call } = await startModules({ modules: [tricks()], preSpawn: [tricksEnv()] });
  expect(await call('say', { texts: ['{"a":', '1}'] })).toEqual({ a: 1 });
  expect(await call('say', { texts: ['plain'] })).toBe('plain');
  expect(await call('picture')).toEqual([
    { type: 'text', text: 'see' },
    { type: 'image', data: 'aGk=', mimeType: 'image/png' },
  ]);
  expect(await call('figures')).toEqual({ of: 3 });
});

it('[modules.mcp-failed] says which tool failed and how, and which there are', async () => {
  const { host, call } = await startModules({
    modules: [mcp('router')],
    preSpawn: [mcpEnv('router', { MOBKIT_PHASE_C_FAIL_TOOL: 'routing.resolve' })],
  });
  const code = 'MOB_MODULE_CALL_FAILED';
  await expect(call('routing.resolve')).rejects.toMatchObject({
    code,
    message: expect.stringContaining('forced failure for routing.resolve') as string,
    details: { module: 'router', tool: 'routing.resolve', reason: 'tool_failed' },
  });
  await expect(call('nothing')).rejects.toMatchObject({
    code,
    details: { reason: 'tool_not_found', availableTools: ['routing.resolve'] },
  });
  await expect(
    host.call({ moduleId: 'router', method: 'routing.resolve', params: [] }),
  ).rejects.toMatchObject({
    code: 'MOB_REQUEST_INVALID',
    details: { field: 'params' },
  });
});

it('[modules.mcp-side-by-side] asks many things at once, each with its deadline', async () => {
  const { call, host } = await startModules({ modules: [tricks()], preSpawn: [tricksEnv()] });
  const slow = call('hang', {}, 150);
  const all = Array.from({ length: 20 }, (_, index) => call('say', { texts: [String(index)] }));
  expect(await Promise.all(all)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  await expect(slow).rejects.toMatchObject({
    code: 'MOB_MODULE_TIMEOUT',
    details: { module: 'tricks', operation: 'call_tool:hang', timeoutMs: 150 },
  });
  // Only that call hung.
  expect(await call('say', { texts: ['on'] })).toBe('on');
  const abort = new AbortController();
  const reason = new Error('enough');
  const given = host.call({ moduleId: 'tricks', method: 'hang', signal: abort.signal });
  abort.abort(reason);
  await expect(given).rejects.toBe(reason);
});

it('[modules.mcp-ended] fails what is under way when the process ends, and starts it again', async () => {
  const { call, host, pid, states } = await startModules({ modules: [tricks()], preSpawn: [tricksEnv()] });
  const first = pid();
  const [hanging, dying] = [call('hang'), call('die')];
  const closed = { code: 'MOB_MODULE_CALL_FAILED', details: { module: 'tricks', reason: 'closed' } };
  await expect(hanging).rejects.toMatchObject({ ...closed, details: { ...closed.details, tool: 'hang' } });
  await expect(dying).rejects.toMatchObject(closed);
  await expect.poll(() => host.isRunning('tricks') && pid() !== first).toBe(true);
  expect(await call('say', { texts: ['back'] })).toBe('back');
  expect(states()).toEqual(['Starting', 'Healthy', 'Failed', 'Restarting', 'Healthy']);
});

it.each<[when: string, timeoutMs: number, pingIntervalMs: number]>([
  ['a call has timed out', 1000, 3_600_000],
  ['it is its time', 3_600_000, 30_000],
])(
  '[modules.mcp-hanging] asks a server whether it is there when %s, and starts one again that is not',
  async (_, timeoutMs, pingIntervalMs) => {
    const clock = new ManualClock();
    const { call, host, pid, eventsOf } = await startModules({
      modules: [tricks()],
      preSpawn: [tricksEnv()],
      pingIntervalMs,
      clock,
      graceMs: 0,
    });
    const first = pid();
    const failed = Promise.allSettled([call('block', {}, timeoutMs)]);
    await expect.poll(() => host.modules()[0]?.stderrTail).toEqual(['blocked']);
    clock.advance(Math.min(timeoutMs, pingIntervalMs));
    await expect.poll(() => clock.nextDueMs).toBe(5000);
    clock.advance(5000);
    await expect.poll(() => host.isRunning('tricks') && pid() !== first).toBe(true);
    expect(eventsOf('supervisor.warning')).toMatchObject([{ payload: { reason: 'hanging' } }]);
    expect(await failed).toMatchObject([{ status: 'rejected' }]);
  },
);

it.each<[what: string, hang: string, operation: string]>([
  ['to connect', 'initialize', 'connect'],
  ['to say what it offers', 'list_tools', 'list_tools'],
])('[modules.mcp-start-deadline] ends a server that takes too long %s', async (_, hang, operation) => {
  const module = { ...mcp('router'), restartPolicy: 'never' } as const;
  const log = temporaryFile();
  const clock = new ManualClock();
  const { host } = await startModules({
    modules: [module],
    preSpawn: [mcpEnv('router', { MOBKIT_PHASE_C_HANG_ON: hang, MOBKIT_PHASE_C_LOG_PATH: log })],
    discovery: { modules: [] },
    startTimeoutMs: 1000,
    clock,
  });
  const spawning = host.spawn('router');
  await expect.poll(() => existsSync(log)).toBe(true);
  clock.advance(1000);
  await expect(spawning).rejects.toMatchObject({
    code: 'MOB_MODULE_TIMEOUT',
    details: { module: 'router', operation, timeoutMs: 1000 },
  });
  expect(host.modules()).toMatchObject([{ state: 'Stopped' }]);
});

it('[modules.mcp-handshake] starts a server again that ends during the handshake, and says what it wrote', async () => {
  const file = temporaryFile();
  const { host, states, eventsOf } = await startModules({
    modules: [tricks()],
    preSpawn: [tricksEnv({ ABSENT_WITHOUT: file })],
    onFailureRetryBudget: 1,
  });
  expect(states()).toEqual(['Starting', 'Failed', 'Restarting', 'Healthy']);
  expect(host.loaded()).toEqual(['tricks']);
  expect(eventsOf('supervisor.warning')).toMatchObject([
    { payload: { reason: 'exited', exit_code: 1, stderr_tail: ['not yet'], next: 'Restarting' } },
  ]);
});

it('[modules.mcp-changed] knows at once what a server has learnt', async () => {
  const { host, call } = await startModules({ modules: [tricks()], preSpawn: [tricksEnv()] });
  expect(host.tools('tricks')).not.toContain('learnt');
  await call('learn');
  await expect.poll(() => host.tools('tricks')).toContain('learnt');
  expect(await call('learnt')).toBe('new');
});

it('[modules.mcp-nagged] lists tools once at a time, however often a server says that they changed', async () => {
  const { call } = await startModules({ modules: [tricks()], preSpawn: [tricksEnv()] });
  expect(await call('nag')).toBe('nagged');
  expect(await call('lists')).toBeLessThan(20);
});

it('[modules.mcp-close] ends a server that goes on after its input, within its grace', async () => {
  const { host } = await startModules({
    modules: [mcp('router')],
    preSpawn: [mcpEnv('router', { MOBKIT_PHASE_C_HANG_ON: 'close', MOBKIT_PHASE_C_CLOSE_DELAY_MS: '60000' })],
    graceMs: 100,
  });
  expect(await host.shutdown({ deadlineMs: 60_000 })).toEqual({
    terminatedModules: ['router'],
    orphanProcesses: 0,
  });
});
