import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { appMain, mobkit, startServer } from '../support/app-process.js';
import { Program } from '../support/program.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const demo = fileURLToPath(new URL('../../apps/reference/demo-flow/mob.toml', import.meta.url));

interface Line {
  readonly kind?: string;
  readonly step_id?: string;
  readonly run_id?: string;
  readonly status?: string;
  readonly reason?: string;
}

/** A mob of two whose flow takes as long as it is told. */
function writeSlowFlow(): { readonly file: string; readonly state: string } {
  const directory = temporaryDirectory();
  const file = writeSlowMob(directory);
  appendFileSync(
    file,
    `
[flows.wait.steps.first]
role = "worker"
message = "{{ params }}"
dispatch_mode = "one_to_one"
timeout_ms = 600_000

[flows.wait.steps.second]
role = "worker"
message = "then"
depends_on = ["first"]
`,
  );
  return { file, state: join(directory, 'state') };
}

it('[flow.demo] runs the demo from a draft over two rounds of review to the printed text, from the command line', async () => {
  const state = join(temporaryDirectory(), 'state');
  const params = ['--params', '{"topic": "tides"}'];
  const listed = await mobkit(['flows', demo]);
  expect(listed.stdout).toMatch(/^publish +Draft, revise/);
  const shown = await mobkit(['run', 'publish', demo, '--state', state, ...params]);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toContain('PRINTED: What everybody should know about tides.');
  expect(shown.stdout.match(/review +completed/g)).toHaveLength(2);

  const told = await mobkit(['run', 'publish', demo, '--state', state, '--json', ...params]);
  const lines = told.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  expect(lines[0]).toMatchObject({ kind: 'flow_started' });
  expect(lines.at(-2)).toMatchObject({ kind: 'flow_completed' });
  expect(lines.at(-1)).toMatchObject({ status: 'completed' });
});

it('[flow.unknown] makes no mob for a flow that it does not have', async () => {
  const state = join(temporaryDirectory(), 'state');
  const unknown = await mobkit(['run', 'nothing', demo, '--state', state]);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain('There is no flow "nothing"; there are: publish');
  expect(existsSync(state)).toBe(false);
});

it('[flow.params-file] takes the params of a run from a file, and refuses one that is not there or not JSON before anything starts', async () => {
  const directory = temporaryDirectory();
  const [state, file] = [join(directory, 'state'), join(directory, 'params.json')];
  writeFileSync(file, '{\n  "topic": "tides"\n}\n');
  const run = () => mobkit(['run', 'publish', demo, '--state', state, '--params', `@${file}`]);
  const shown = await run();
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toContain('PRINTED: What everybody should know about tides.');
  writeFileSync(file, 'topic: tides');
  expect(await run()).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('not JSON') });
  rmSync(file);
  expect(await run()).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('params.json') });
});

it('[flow.killed] tells, when a server that was killed in the middle of a run is back, that the run has failed, once', async () => {
  const { file, state } = writeSlowFlow();
  const server = startServer([file, '--state', state]);
  await server.url();
  const run = new Program(process.execPath, [
    appMain,
    'run',
    'wait',
    '--state',
    state,
    '--params',
    '"slow"',
    '--json',
  ]);
  await run.printed('step_dispatched');
  await server.kill();
  const ended = await run.ended;
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain('went away');

  const next = startServer([file, '--state', state]);
  const warning = await next.line(({ msg }) => msg.includes('cut short'));
  expect(warning.msg).toMatch(/^Run \S+ of flow "wait" was cut short when its process ended; it has failed$/);
  const { runs } = await next.rpc<{ runs: readonly Line[] }>('mobkit/list_runs');
  expect(runs).toMatchObject([
    { status: 'failed', reason: 'the process that ran it ended before the run did' },
  ]);
  await next.stop();
  const again = startServer([file, '--state', state]);
  await again.url();
  const { events } = await again.rpc<{ events: readonly Line[] }>('mobkit/mob_events/query', {
    event_types: ['flow_completed', 'flow_failed', 'flow_canceled'],
  });
  expect(events.map(({ kind }) => kind)).toEqual(['flow_failed']);
  const fast = await mobkit(['run', 'wait', '--state', state, '--params', '"now"']);
  expect(fast.code).toBe(0);
});

it('[flow.interrupted] cancels the run at Ctrl-C and exits with 1 when that is told', async () => {
  const { file, state } = writeSlowFlow();
  const run = new Program(process.execPath, [
    appMain,
    'run',
    'wait',
    file,
    '--state',
    state,
    '--params',
    '"slow"',
  ]);
  await run.printed('asks one:0');
  run.signal('SIGINT');
  const { code, stdout } = await run.ended;
  expect(stdout).toMatch(/run +canceled\n/);
  expect(stdout.trim()).toMatch(/ canceled$/);
  expect(code).toBe(1);
});
