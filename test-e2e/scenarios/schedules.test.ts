import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { type AppProcess, mobkit, startServer } from '../support/app-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface Schedule {
  readonly schedule_id: string;
  readonly phase: string;
  readonly next_due_at_ms?: number;
}

const MOB = `[mob]
id = "clockwork"

[profiles.worker]
model = "scripted"
tools = { comms = true }

[[members]]
identity = "one"
profile = "worker"
`;

/** A mob in a directory of its own, with whatever config. */
function oneMob() {
  const directory = temporaryDirectory();
  const mob = join(directory, 'mob.toml');
  writeFileSync(mob, MOB);
  const state = ['--state', join(directory, 'state')];
  return {
    directory,
    write: (name: string, text: string) => writeFileSync(join(directory, name), text),
    read: (name: string) => readFileSync(join(directory, name), 'utf8'),
    async start(): Promise<AppProcess> {
      const app = startServer([mob, ...state]);
      await app.url();
      return app;
    },
    async schedules(...args: string[]) {
      const { code, stdout, stderr } = await mobkit(['schedules', ...args, ...state]);
      return { code, stderr, lines: stdout.trimEnd().split('\n') };
    },
  };
}

/** Resolves when an occurrence of a schedule is over. */
async function over(app: AppProcess, scheduleId: string): Promise<string | undefined> {
  for (;;) {
    const { occurrences } = await app.rpc<{ readonly occurrences: readonly { readonly phase: string }[] }>(
      'mobkit/schedules/occurrences',
      { schedule_id: scheduleId },
    );
    const phase = occurrences[0]?.phase;
    if (phase !== undefined && phase !== 'dispatching') return phase;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('[schedules.app] has the schedules of the config, takes others, and deletes what the config no longer has', async () => {
  const { write, start, schedules } = oneMob();
  const nightly =
    '[[schedules]]\nid = "nightly"\ncron = "0 3 * * *"\ntimezone = "Europe/Berlin"\nmember = "one"\nmessage = "Sweep"\n';
  write('mobkit.config.toml', `${nightly}\n[[schedules]]\nid = "gone"\nevery_ms = 3600000\nflow = "none"\n`);
  const app = await start();
  const { lines } = await schedules();
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(
    /^nightly +active +\d{4}-\d\d-\d\dT0[12]:00:00\.000Z 0 3 \* \* \* \(Europe\/Berlin\): to one: Sweep$/,
  );
  const soon = new Date(Date.now() + 100).toISOString();
  const added = await schedules(
    'add',
    'hello',
    '--at',
    soon,
    '--member',
    'one',
    '--message',
    'Hello',
    '--json',
  );
  expect(JSON.parse(added.lines[0] ?? '')).toMatchObject({
    schedule_id: 'hello',
    phase: 'active',
    revision: 1,
  });
  expect(await over(app, 'hello')).toBe('completed');
  expect((await schedules('show', 'hello')).lines).toMatchObject([
    expect.stringMatching(/^hello +completed/) as string,
    `  was ${soon} completed`,
  ]);
  expect((await schedules('pause', 'nightly')).lines[0]).toMatch(/^nightly +paused +- /);
  expect((await schedules('add', 'hello', '--every', '1h', '--flow', 'f')).stderr).toContain('already');
  await app.stop();
  write('mobkit.config.toml', nightly);
  const next = await start();
  const { schedules: left } = await next.rpc<{ readonly schedules: readonly Schedule[] }>(
    'mobkit/schedules/list',
  );
  expect(left.map(({ schedule_id: id, phase }) => [id, phase])).toEqual([
    ['hello', 'completed'],
    ['nightly', 'paused'],
  ]);
  const tick = { tick_ms: 60_000, schedules: [{ schedule_id: ' m ', interval: '*/1m', timezone: 'UTC' }] };
  expect(await next.rpc('mobkit/scheduling/evaluate', tick)).toMatchObject({
    due_triggers: [{ schedule_id: 'm' }],
  });
  const first = await next.rpc('mobkit/scheduling/dispatch', tick);
  expect(first).toMatchObject({ due_count: 1, dispatched: [{ claim_key: 'm:60000' }], skipped_claims: [] });
  expect(await next.rpc('mobkit/scheduling/dispatch', tick)).toMatchObject({ skipped_claims: ['m:60000'] });
  const wrong = { tick_ms: 1, schedules: [{ schedule_id: 'm', interval: '0 9 * *', timezone: 'UTC' }] };
  await expect(next.rpc('mobkit/scheduling/evaluate', wrong)).rejects.toThrow(
    "Invalid params: invalid interval '0 9 * *' for schedule_id 'm'",
  );
});

it('[schedules.app-refused] refuses schedules of a config that are none, and times that are none', async () => {
  const { write, directory, schedules } = oneMob();
  write(
    'mobkit.config.toml',
    '[[schedules]]\nid = "never"\ncron = "0 0 31 2 *"\nmember = "one"\nmessage = "Hi"\n',
  );
  const { code, stderr } = await mobkit(['check', join(directory, 'mob.toml')]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("invalid interval '0 0 31 2 *'")]);
  expect((await schedules('next', '0 0 31 2 *')).code).toBe(2);
  const { lines } = await schedules('next', '*/15m', '--count', '2');
  expect(lines.map((line) => Date.parse(line) % 900_000)).toEqual([0, 0]);
});

it('[schedules.kill] begins again what SIGKILL cut short between claim and end, under its key, at once when the app is back', async () => {
  const { write, read, start } = oneMob();
  write(
    'mobkit.config.mjs',
    `import { appendFileSync } from 'node:fs';
const work = async ({ attempt, idempotencyKey }) => {
  appendFileSync(new URL('./work.txt', import.meta.url), attempt + ' ' + idempotencyKey + '\\n');
  if (attempt === 1) await new Promise(() => {});
};
export const config = { schedule_functions: { work } };
`,
  );
  write('work.txt', '');
  const app = await start();
  const dueAtMs = Date.now();
  const beganMs = performance.now();
  await app.rpc('mobkit/schedules/create', {
    schedule_id: 'work',
    trigger: { type: 'once', due_at_ms: dueAtMs },
    target: { kind: 'function', name: 'work' },
  });
  while (read('work.txt') === '') await new Promise((resolve) => setTimeout(resolve, 10));
  await app.kill();
  const next = await start();
  expect(await over(next, 'work')).toBe('completed');
  const key = `schedule:work:occurrence:work:000000000001:${dueAtMs}`;
  expect(read('work.txt')).toBe(`1 ${key}\n2 ${key}\n`);
  // Less than a lease lasts, after which anybody would have begun it again.
  expect(performance.now() - beganMs).toBeLessThan(30_000);
});
