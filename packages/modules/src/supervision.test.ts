import { readFileSync } from 'node:fs';

import { ManualClock } from '@mobkit/contract-kit';
import { expect, it, onTestFinished } from 'vitest';

import {
  lines,
  mcp,
  mcpEnv,
  processesWith,
  readyAt,
  shell,
  startModules,
  temporaryFile,
} from '../test/support/start-modules.js';
import { createModules } from './create-modules.js';

const crashed = ['Starting', 'Failed', 'Restarting', 'Failed', 'Restarting', 'Healthy'];

it('[modules.retries] starts a module again until it is healthy, waiting ever longer, as far as its budget goes', async () => {
  const file = temporaryFile();
  const clock = new ManualClock();
  const starting = startModules({
    modules: [shell('crashy', readyAt('crashy', file, 3))],
    onFailureRetryBudget: 2,
    restartBackoffMs: 120,
    clock,
  });
  for (const [attempt, pauseMs] of [
    [1, 120],
    [2, 240],
  ] as const) {
    await expect.poll(() => [readAttempt(file), clock.nextDueMs]).toEqual([attempt, pauseMs]);
    clock.advance(pauseMs - 1);
    expect(clock.nextDueMs).toBe(1);
    clock.advance(1);
  }
  const { host, eventsOf, states } = await starting;
  expect(states()).toEqual(crashed);
  expect(host.healthTransitions().map(({ from, attempt }) => [from, attempt])).toEqual([
    [undefined, 0],
    ['Starting', 1],
    ['Failed', 1],
    ['Restarting', 2],
    ['Failed', 2],
    ['Restarting', 3],
  ]);
  expect(eventsOf('ready')).toEqual([expect.objectContaining({ payload: { attempt: 3 } })]);
  expect(host.modules()).toMatchObject([{ state: 'Healthy', loaded: true, restarts: 2 }]);
  expect(await host.shutdown({ deadlineMs: 1000 })).toEqual({
    terminatedModules: ['crashy'],
    orphanProcesses: 0,
  });
  expect(host.loaded()).toEqual([]);
});

it('[modules.exhausted] stops a module whose budget is used up, says why with what it wrote, and tells whoever asked for it', async () => {
  const bad = shell('bad', 'echo "no database" >&2; exit 4');
  const { host, eventsOf, states } = await startModules({ modules: [bad], discovery: { modules: [] } });
  await expect(host.spawn('bad')).rejects.toMatchObject({
    code: 'MOB_PROCESS_FAILED',
    details: { module: 'bad', reason: 'empty_output', exitCode: 4 },
  });
  expect(states()).toEqual(['Starting', 'Failed', 'Restarting', 'Failed', 'Stopped']);
  expect(host.loaded()).toEqual([]);
  expect(eventsOf('supervisor.warning')).toMatchObject([
    { module: 'bad', payload: { next: 'Restarting', attempt: 1, stderr_tail: ['no database'] } },
    { module: 'bad', payload: { next: 'Stopped', attempt: 2, stderr_tail: ['no database'] } },
  ]);
  expect(host.modules()).toMatchObject([{ state: 'Stopped', stderrTail: ['no database'], loaded: false }]);
});

it('[modules.boot] starts those that are wanted in order, each once, and one that fails keeps none of the others', async () => {
  const modules = [lines('zulu'), shell('bad', 'exit 1'), lines('alpha'), lines('spare')];
  const discovery = { modules: ['zulu', 'bad', 'alpha', 'zulu'] };
  const { host, eventsOf } = await startModules({ modules, discovery });
  expect(eventsOf('ready').map(({ module }) => module)).toEqual(['zulu', 'alpha']);
  expect(host.loaded()).toEqual(['alpha', 'zulu']);
  expect(host.modules().map(({ moduleId, state }) => [moduleId, state])).toEqual([
    ['alpha', 'Healthy'],
    ['bad', 'Stopped'],
    ['spare', undefined],
    ['zulu', 'Healthy'],
  ]);
});

it('[modules.reconcile] starts what is not loaded in order, until one does not start', async () => {
  const modules = [lines('one'), shell('bad', 'exit 1'), lines('two')];
  const { host, eventsOf } = await startModules({ modules, discovery: { modules: [] } });
  await expect(host.reconcile(['one', 'nobody'])).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    details: { module: 'nobody' },
  });
  expect(host.healthTransitions()).toEqual([]);
  await expect(host.reconcile(['one', 'bad', 'two'])).rejects.toMatchObject({ details: { module: 'bad' } });
  expect(host.loaded()).toEqual(['one']);
  expect(eventsOf('supervisor.warning').map(({ module }) => module)).toEqual(['bad', 'bad']);
  expect(await host.reconcile(['one', 'two', 'two'])).toBe(1);
  expect(await host.reconcile([])).toBe(0);
  expect(host.loaded()).toEqual(['one', 'two']);
});

it('[modules.reconciled-crash] brings a module to life that crashes once, and ends it with the host', async () => {
  const file = temporaryFile();
  const modules = [shell('forced-crash', readyAt('forced-crash', file, 2))];
  const { host, states } = await startModules({ modules, discovery: { modules: [] }, restartBackoffMs: 80 });
  expect(await host.reconcile(['forced-crash'])).toBe(1);
  expect(states()).toEqual(['Starting', 'Failed', 'Restarting', 'Healthy']);
  expect(readAttempt(file)).toBe(2);
  expect(await host.shutdown({ deadlineMs: 1000 })).toEqual({
    terminatedModules: ['forced-crash'],
    orphanProcesses: 0,
  });
});

it('[modules.lifelong] notices that a healthy module ends, an hour later, and starts it again after the first pause', async () => {
  const clock = new ManualClock();
  const { call, states, pid, host } = await startModules({
    modules: [lines('worker')],
    clock,
    restartBackoffMs: 50,
  });
  const first = pid();
  clock.advance(3_600_000);
  const dying = call('die');
  await expect(dying).rejects.toMatchObject({
    code: 'MOB_MODULE_CALL_FAILED',
    details: { reason: 'closed' },
  });
  await expect.poll(states).toEqual(['Starting', 'Healthy', 'Failed', 'Restarting']);
  expect(host.loaded()).toEqual(['worker']);
  expect(host.isRunning('worker')).toBe(false);
  await expect(call('pid')).rejects.toMatchObject({ retryable: true, details: { reason: 'restarting' } });
  await expect.poll(() => clock.nextDueMs).toBe(50);
  clock.advance(50);
  await expect.poll(() => host.isRunning('worker')).toBe(true);
  expect(await call('pid')).not.toBe(first);
});

it('[modules.policies] starts again what ended by itself only when it must always be there, and never what need not', async () => {
  const always = { ...lines('always'), restartPolicy: 'always' } as const;
  const never = { ...lines('never'), restartPolicy: 'never' } as const;
  const modules = [always, never, lines('leaves')];
  const { host, events } = await startModules({ modules });
  const pids = new Map(host.modules().map(({ moduleId, pid }) => [moduleId, pid]));
  await Promise.allSettled([
    host.call({ moduleId: 'always', method: 'leave' }),
    host.call({ moduleId: 'never', method: 'die' }),
    host.call({ moduleId: 'leaves', method: 'leave' }),
  ]);
  const isNew = () => host.isRunning('always') && host.modules()[0]?.pid !== pids.get('always');
  await expect.poll(isNew).toBe(true);
  await expect.poll(() => host.loaded()).toEqual(['always']);
  const told = (module: string) =>
    events.flatMap(({ event }) => (event.module === module ? [event.eventType] : []));
  expect(told('leaves')).toEqual(['ready', 'supervisor.stopped']);
  expect(told('never')).toEqual(['ready', 'supervisor.warning']);
});

it('[modules.healthy-stays] leaves a healthy module alone, whatever its policy', async () => {
  const always = { ...lines('always'), restartPolicy: 'always' } as const;
  const { states, call, pid } = await startModules({ modules: [always] });
  expect(states()).toEqual(['Starting', 'Healthy']);
  expect(await call('pid')).toBe(pid());
});

it('[modules.respawn] ends the old process before the new one begins, and forgets its failures', async () => {
  const { host, call, pid, states } = await startModules({ modules: [lines('worker', 'deaf')], graceMs: 50 });
  const first = pid();
  await host.spawn('worker');
  expect(isAlive(first)).toBe(false);
  expect(await call('pid')).not.toBe(first);
  expect(states()).toEqual(['Starting', 'Healthy', 'Starting', 'Healthy']);
});

it('[modules.cannot-end] starts nothing beside a process that cannot be ended, says so, and counts it', async () => {
  let mayKill = false;
  const kill = (pid: number, signal: NodeJS.Signals) => void (mayKill && process.kill(pid, signal));
  const clock = new ManualClock();
  const { host, eventsOf, pid } = await startModules({ modules: [lines('worker', 'deaf')], kill, clock });
  const first = pid();
  const spawning = host.spawn('worker');
  await expect.poll(() => clock.waiting).toBe(2);
  clock.advance(10_000);
  await expect(spawning).rejects.toMatchObject({
    code: 'MOB_PROCESS_FAILED',
    message: expect.stringContaining('failed to terminate existing child before respawn') as string,
    details: { reason: 'io' },
  });
  expect(eventsOf('ready')).toHaveLength(1);
  expect(eventsOf('supervisor.warning')).toHaveLength(1);
  expect(isAlive(first)).toBe(true);
  mayKill = true;
  expect(await host.shutdown({ deadlineMs: 0 })).toEqual({ terminatedModules: [], orphanProcesses: 0 });
});

it.each([
  ['normalize error', 0, `echo 'no event'; trap '' TERM; sleep 30`],
  ['timeout', 100, 'sleep 30'],
] as const)(
  '[modules.cleanup-failed] stops when it could not clean up after a %s, and says so',
  async (what, afterMs, script) => {
    const clock = new ManualClock();
    const sent: string[] = [];
    const kill = (_: number, signal: string) => void sent.push(signal);
    const starting = startModules({ modules: [shell('bad', script)], kill, clock, startTimeoutMs: 100 });
    await expect.poll(() => clock.waiting).toBeGreaterThan(0);
    clock.advance(afterMs);
    await expect.poll(() => sent).toEqual(['SIGKILL']);
    clock.advance(2000);
    const { host, eventsOf, states } = await starting;
    expect(states()).toEqual(['Starting', 'Failed', 'Stopped']);
    const error = expect.stringContaining(`cleanup terminate failed after ${what}`) as string;
    expect(eventsOf('supervisor.warning')).toMatchObject([{ payload: { error, next: 'Stopped' } }]);
    const left = host.shutdown({ deadlineMs: 0 });
    await expect.poll(() => clock.nextDueMs).toBe(2000);
    clock.advance(2000);
    expect(await left).toEqual({ terminatedModules: [], orphanProcesses: 1 });
    process.kill(-(host.modules()[0]?.pid ?? 0), 'SIGKILL');
  },
);

it('[modules.groups] ends what a module started with it, when it is ended and when it crashes', async () => {
  const { host, call, pid } = await startModules({
    modules: [lines('parent', 'parent', 'deaf')],
    graceMs: 50,
  });
  const child = () => Number(/child (\d+)/.exec(host.modules()[0]?.stderrTail.join(' ') ?? '')?.[1]);
  await expect.poll(child).toBeGreaterThan(0);
  const [first, firstChild] = [pid(), child()];
  expect(isAlive(firstChild)).toBe(true);
  await expect(call('die')).rejects.toThrow('ended');
  await expect.poll(() => host.isRunning('parent') && pid() !== first).toBe(true);
  expect(isAlive(firstChild)).toBe(false);
  await expect.poll(child).toBeGreaterThan(0);
  const second = child();
  expect(await host.shutdown({ deadlineMs: 100 })).toEqual({
    terminatedModules: ['parent'],
    orphanProcesses: 0,
  });
  expect(isAlive(second)).toBe(false);
});

it('[modules.shutdown] ends all of them at once, sorted, and what is about to start is not started', async () => {
  const modules = [lines('zulu'), lines('alpha', 'deaf'), lines('slow', 'silent')];
  const { host } = await startModules({ modules, discovery: { modules: ['zulu', 'alpha'] } });
  const slow = host.spawn('slow');
  const second = host.spawn('slow');
  const ended = host.shutdown({ deadlineMs: 100 });
  await expect(slow).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
  await expect(second).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
  expect(await ended).toEqual({ terminatedModules: ['alpha', 'zulu'], orphanProcesses: 0 });
  expect(await host.shutdown({ deadlineMs: 100 })).toEqual(await ended);
  await expect(host.spawn('zulu')).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
});

it('[modules.give-up] gives up starting when told, which is no failure, and leaves nothing behind', async () => {
  const { host, states, eventsOf } = await startModules({
    modules: [lines('slow', 'silent'), mcp('router')],
    preSpawn: [mcpEnv('router', { MOBKIT_PHASE_C_HANG_ON: 'initialize' })],
    discovery: { modules: [] },
  });
  const spawning = Promise.allSettled([host.spawn('slow'), host.spawn('router')]);
  await expect.poll(() => host.modules().filter(({ pid }) => pid !== undefined).length).toBe(2);
  await host.shutdown({ deadlineMs: 0 });
  expect(await spawning).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  expect(states()).toEqual(['Starting', 'Starting']);
  expect(eventsOf('supervisor.warning')).toEqual([]);
});

it('[modules.transitions] keeps the newest transitions, and no more of them', async () => {
  // Refused before there is a process: this is quick.
  const nowhere = { ...lines('bad'), command: 'no\0where' };
  const { host } = await startModules({ modules: [nowhere], onFailureRetryBudget: 520 });
  const kept = host.healthTransitions();
  expect(kept).toHaveLength(1024);
  expect(kept.at(-1)).toEqual({ moduleId: 'bad', from: 'Failed', to: 'Stopped', attempt: 521 });
});

it('[modules.ready-callable] is loaded and can be called when the event arrives that it is ready', async () => {
  const host = createModules({ modules: [lines('one')], discovery: { modules: ['one'] } });
  onTestFinished(async () => void (await host.shutdown({ deadlineMs: 500 })));
  const answer = new Promise((resolve) => {
    const onEvent = () => resolve(host.call({ moduleId: 'one', method: 'echo', params: 'here' }));
    void host.start({ onEvent, signal: new AbortController().signal });
  });
  expect(await answer).toBe('here');
});

function readAttempt(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number | undefined): boolean {
  return processesWith('MOBKIT_TEST_MARK').includes(pid ?? 0);
}
