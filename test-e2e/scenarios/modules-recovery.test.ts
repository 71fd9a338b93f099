import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { type Frame, readFrames } from '../support/event-stream.js';
import { crashingModule, isLive, writeModuleMob } from '../support/module-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface Modules {
  readonly modules: readonly { readonly module_id: string; readonly pid?: number }[];
  readonly transitions: readonly { readonly module_id: string; readonly to: string }[];
}

interface Kept {
  readonly id: string;
  readonly event: { readonly kind: string };
}

const isOf = (frame: Frame, identity: string, type: string) =>
  frame.event === type && frame.data['identity'] === identity;

it('[app.module-recovery] brings a module back that crashed at its start while a stream is open that misses nothing, and ends all in order', async () => {
  const file = join(temporaryDirectory(), 'attempts.txt');
  const { mob, state } = writeModuleMob([crashingModule('forced-crash', file, 2)], {
    on_failure_retry_budget: 1,
    restart_backoff_ms: 80,
  });
  const app = startServer([mob, '--state', state]);
  const url = await app.url();
  expect(await app.rpc('mobkit/status')).toMatchObject({ running: true, loaded_modules: [] });
  const members = ['worker-1', 'worker-2'].map((agent_identity) => ({ agent_identity, role: 'worker' }));
  await app.rpc('mobkit/reconcile', { members });

  let held = () => {};
  const holding = new Promise<void>((resolve) => (held = resolve));
  const reading = readFrames(
    `${url}/mob/events`,
    (frames) => {
      if (frames.some((frame) => isOf(frame, 'worker-1', 'run_started'))) held();
      return ['worker-1', 'worker-2'].every((one) =>
        frames.some((frame) => isOf(frame, one, 'interaction_complete')),
      );
    },
    'mob:0.0',
  );
  // Else a failure in between leaves it to nobody.
  reading.catch(() => {});
  await app.rpc('mobkit/send_message', { member_id: 'worker-1', message: 'HOLD the line' });
  await holding;
  expect(await app.rpc('mobkit/reconcile', { modules: ['forced-crash'] })).toEqual({
    accepted: true,
    reconciled_modules: ['forced-crash'],
    added: 1,
  });
  expect(readFileSync(file, 'utf8').trim()).toBe('2');
  const warning = await app.line(({ level }) => level === 40);
  expect(warning).toMatchObject({
    module: 'forced-crash',
    about: { exit_code: 1, next: 'Restarting' },
  });
  expect(warning.msg).toMatch(/^Module 'forced-crash': .* ended with code 1; Restarting$/);
  const { modules, transitions } = await app.rpc<Modules>('mobkit/modules/list');
  expect(transitions.map(({ to }) => to)).toEqual(['Starting', 'Failed', 'Restarting', 'Healthy']);
  const [{ pid } = {}] = modules;
  expect(isLive(pid)).toBe(true);

  await app.rpc('mobkit/send_message', { member_id: 'worker-2', message: 'GO' });
  const frames = (await reading).filter(({ event }) => event !== undefined);
  const numbers = frames.map(({ id }) => Number(id?.split('.')[1]));
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));

  expect(await app.stop()).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(app.lines.find(({ msg }) => msg.startsWith('Shut down'))).toMatchObject({
    report: {
      moduleShutdown: { terminatedModules: ['forced-crash'], orphanProcesses: 0 },
      mobStop: 'ok',
      errors: [],
    },
    stages: ['MobStarted', 'ModulesStarted', 'MergedStreamStarted', 'ShutdownRequested', 'ShutdownComplete'],
  });
  expect(isLive(pid)).toBe(false);
  const { stdout } = await mobkit(['events', '--json', '--state', state]);
  const kept = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Kept);
  const ofAgents = kept.filter(({ event }) => event.kind === 'agent').map(({ id }) => id);
  expect(frames.map(({ data }) => data['event_id'])).toEqual(ofAgents.slice(0, frames.length));
});

it('[app.modules] shows its modules, begins one anew when told to, and says which there is not', async () => {
  const file = join(temporaryDirectory(), 'attempts.txt');
  const { mob, state } = writeModuleMob([{ ...crashingModule('helper', file, 1), start: true }]);
  const app = startServer([mob, '--state', state]);
  await app.url();
  const shown = async () => (await mobkit(['modules', '--state', state])).stdout;
  const first = /^helper +Healthy +lines +(\d+) 0 restarts$/m.exec(await shown())?.[1];
  expect(isLive(Number(first))).toBe(true);
  expect(await mobkit(['modules', 'restart', 'helper', '--state', state])).toMatchObject({
    code: 0,
    stdout: 'helper begins anew\n',
  });
  expect(isLive(Number(first))).toBe(false);
  const [line = ''] = (await mobkit(['modules', '--json', '--state', state])).stdout.split('\n');
  expect(JSON.parse(line)).toMatchObject({ module_id: 'helper', state: 'Healthy', loaded: true });
  expect(await mobkit(['modules', 'restart', 'ghost', '--state', state])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("module 'ghost' is not configured") as string,
  });
  expect(await mobkit(['modules', 'stop', 'helper'])).toMatchObject({ code: 2 });
  expect(await app.stop()).toMatchObject({ code: 0 });
});
