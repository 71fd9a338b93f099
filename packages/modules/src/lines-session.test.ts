import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { lines, readyLine, shell, startModules } from '../test/support/start-modules.js';

it('[modules.lines-call] sends method and params and gives each caller its own answer', async () => {
  const { call, pid } = await startModules({ modules: [lines('helper')] });
  const said = { one: [1, null, 'ä\u2028'] };
  expect(await Promise.all([call('echo', said), call('pid'), call('echo', {})])).toEqual([said, pid(), {}]);
  await expect(call('fail')).rejects.toMatchObject({
    code: 'MOB_MODULE_CALL_FAILED',
    message: expect.stringContaining('no such thing') as string,
    details: { module: 'helper', tool: 'fail', reason: 'tool_failed' },
  });
});

it('[modules.lines-null-error] takes an answer whose error is null for one that has none', async () => {
  const { call } = await startModules({ modules: [lines('helper')] });
  expect(await call('both', { of: 1 })).toEqual({ of: 1 });
});

it('[modules.lines-deadline] ends a call at its deadline, and an answer that comes later is nobody’s', async () => {
  const { call, pid, states, eventsOf } = await startModules({ modules: [lines('helper')] });
  await expect(call('late', {}, 20)).rejects.toMatchObject({
    code: 'MOB_MODULE_TIMEOUT',
    details: { module: 'helper', operation: 'call_tool:late', timeoutMs: 20 },
  });
  expect(await call('pid')).toBe(pid());
  expect(states()).toEqual(['Starting', 'Healthy']);
  expect(eventsOf('supervisor.warning')).toEqual([]);
});

it('[modules.lines-abort] gives up a call with the reason of whoever aborts it', async () => {
  const { host } = await startModules({ modules: [lines('helper')] });
  const reason = new Error('enough');
  const abort = new AbortController();
  const call = { moduleId: 'helper', method: 'hang', signal: abort.signal };
  const hanging = host.call(call);
  abort.abort(reason);
  await expect(hanging).rejects.toBe(reason);
  await expect(host.call(call)).rejects.toBe(reason);
});

it('[modules.lines-events] tells the events of a module under ids of their own, from every one of its processes', async () => {
  const { call, host, events, eventsOf } = await startModules({ modules: [lines('helper')] });
  await call('tell', { of: 1 });
  expect(eventsOf('told')).toEqual([
    { kind: 'module', module: 'helper', eventType: 'told', payload: { of: 1 } },
  ]);
  await host.spawn('helper');
  const ids = events.map(({ eventId }) => eventId);
  expect(ids.map((id) => id.replace(/~.*/, ''))).toEqual([
    'evt-helper-ready',
    'evt-helper-told',
    'evt-helper-ready',
  ]);
  expect(new Set(ids).size).toBe(3);
  expect(events.map(({ timestampMs }) => timestampMs)).toEqual([42, 42, 42]);
});

it('[modules.lines-noise] reads over what is no event, and warns of it once for each process', async () => {
  const { call, eventsOf } = await startModules({ modules: [lines('helper')] });
  expect(await call('noise')).toBe('noisy');
  expect(await call('noise')).toBe('noisy');
  expect(eventsOf('supervisor.warning')).toMatchObject([{ payload: { code: 'MOB_EVENT_INVALID' } }]);
});

it('[modules.lines-claim] takes events from a module in its own name alone', async () => {
  const { call, eventsOf, events } = await startModules({ modules: [lines('helper')] });
  expect(await call('claim')).toBe('claimed');
  expect(eventsOf('supervisor.warning')).toMatchObject([{ payload: { reason: 'source_mismatch' } }]);
  expect(events.map(({ event }) => event.module)).toEqual(['helper', 'helper']);
});

it('[modules.lines-handshake] asks a module that says what it answers for nothing else', async () => {
  const { host, call } = await startModules({ modules: [lines('helper', 'methods')] });
  expect(host.tools('helper')).toEqual(['echo', 'pid']);
  await expect(call('fail')).rejects.toMatchObject({
    details: { reason: 'tool_not_found', availableTools: ['echo', 'pid'] },
  });
});

it('[modules.lines-mcp-required] does not ask one for what another part is replaced by, unless it speaks MCP', async () => {
  const { call, host } = await startModules({ modules: [lines('router')] });
  await expect(call('routing.resolve')).rejects.toMatchObject({
    code: 'MOB_MODULE_MCP_REQUIRED',
    details: { module: 'router', flow: 'routing.resolve' },
  });
  expect(host.boundaryOf('router')).toBe('lines');
  expect(host.boundaryOf('nobody')).toBeUndefined();
});

it('[modules.not-loaded] asks nobody but who is loaded', async () => {
  const { host } = await startModules({ modules: [lines('helper')], discovery: { modules: [] } });
  for (const moduleId of ['helper', 'nobody']) {
    await expect(host.call({ moduleId, method: 'echo' })).rejects.toMatchObject({
      code: 'MOB_MODULE_NOT_LOADED',
      message: `Module '${moduleId}' not loaded`,
    });
  }
  await expect(host.call({ moduleId: 'helper', method: 'echo', timeoutMs: 0 })).rejects.toThrow(TypeError);
});

it.each<[fault: string, error: object]>([
  ['half', { code: 'MOB_EVENT_INVALID', details: { reason: 'invalid_json', module: 'bad' } }],
  ['flood', { code: 'MOB_PROCESS_FAILED', details: { reason: 'line_too_long', module: 'bad' } }],
  ['mute', { code: 'MOB_PROCESS_FAILED', details: { reason: 'io', module: 'bad' } }],
  ['silent', { code: 'MOB_PROCESS_FAILED', details: { reason: 'timeout', timeoutMs: 400, module: 'bad' } }],
  ['foreign', { code: 'MOB_EVENT_INVALID', details: { reason: 'source_mismatch', module: 'bad' } }],
])('[modules.lines-start] refuses one that begins %s', async (fault, error) => {
  const module = { ...lines('bad', fault), restartPolicy: 'never' } as const;
  const { host, states } = await startModules({
    modules: [module],
    discovery: { modules: [] },
    startTimeoutMs: fault === 'silent' ? 400 : 10_000,
  });
  await expect(host.spawn('bad')).rejects.toMatchObject(error);
  expect(states()).toEqual(['Starting', 'Failed', 'Stopped']);
  expect(host.modules()).toMatchObject([{ state: 'Stopped', restarts: 0 }]);
});

it.each<[what: string, command: string, reason: string]>([
  ['is not there', '/nowhere/to/be/found', 'spawn_failed'],
  ['is no command', 'a\0b', 'spawn_failed'],
  ['says nothing and ends', 'true', 'empty_output'],
])('[modules.lines-command] refuses a command that %s', async (_, command, reason) => {
  const module = { id: 'bad', command, args: [], restartPolicy: 'never' } as const;
  const { host } = await startModules({ modules: [module], discovery: { modules: [] } });
  await expect(host.spawn('bad')).rejects.toMatchObject({ code: 'MOB_PROCESS_FAILED', details: { reason } });
});

it.each([
  ['close_output', 'io'],
  ['long_line', 'line_too_long'],
])('[modules.lines-broken] starts a module anew that is of no use any more: %s', async (method, reason) => {
  const { call, host, eventsOf, pid } = await startModules({
    modules: [lines('worker', 'deaf')],
    graceMs: 50,
  });
  const first = pid();
  await expect(call(method)).rejects.toMatchObject({ details: { reason: 'closed' } });
  await expect.poll(() => host.isRunning('worker') && pid() !== first).toBe(true);
  expect(eventsOf('supervisor.warning')).toMatchObject([{ payload: { reason, next: 'Restarting' } }]);
});

it('[modules.lines-unread] sends a module nothing more that does not read what it was sent', async () => {
  const clock = new ManualClock();
  const { call } = await startModules({
    modules: [shell('deaf', `echo '${readyLine('deaf')}'; exec sleep 30`)],
    clock,
  });
  const big = { said: 'x'.repeat(2 ** 20) };
  const asked = Promise.allSettled(Array.from({ length: 12 }, () => call('take', big, 1000)));
  clock.advance(1000);
  const outcomes = await asked;
  const timedOut = { reason: { code: 'MOB_MODULE_TIMEOUT' } };
  expect(outcomes[0]).toMatchObject(timedOut);
  expect(outcomes.at(-1)).toMatchObject({ reason: { retryable: true, details: { reason: 'overloaded' } } });
});

it('[modules.lines-unkept] reads over events that no log could keep, and warns of it once for each process', async () => {
  const { call, events, eventsOf } = await startModules({ modules: [lines('helper')] });
  expect([await call('odd'), await call('odd')]).toEqual(['odd', 'odd']);
  expect(eventsOf('supervisor.warning')).toMatchObject([
    { payload: { code: 'MOB_EVENT_INVALID', reason: 'invalid_field_type' } },
  ]);
  expect(events.map(({ event }) => event.eventType)).toEqual(['ready', 'supervisor.warning']);
});
