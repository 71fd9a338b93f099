import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { expect, it, onTestFinished } from 'vitest';

import { appMain, AppProcess, type LogLine, mobkit, startServer } from '../support/app-process.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

it('[app.help] prints its version and its commands', async () => {
  expect((await mobkit(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const help = await mobkit(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const command of [
    'up',
    'send',
    'wire',
    'unwire',
    'events',
    'members',
    'flows',
    'run',
    'export',
    'import',
    'check',
    'plugins',
  ]) {
    expect(help.stdout).toContain(`mobkit ${command}`);
  }
});

it('[app.usage] names what is wrong with a command line and exits with 2', async () => {
  for (const [args, named] of [
    [['fly'], 'fly'],
    [['up', '--port', 'high'], '--port'],
    [['up', '--colour'], '--colour'],
    [['send', 'lead'], 'send'],
    [['up', 'a.toml', 'b.toml'], 'b.toml'],
    [['events', '--state', ''], '--state'],
    [['send', 'lead', '-x'], '--'],
    [['wire', 'lead'], 'wire'],
    [['events', '--dead', '--follow'], '--dead'],
    [['export', 'a', 'b'], 'b'],
    [['import'], 'import'],
    [['run', 'publish', '--params', '{'], '--params'],
    [['run', 'publish', '--params', '@nowhere'], 'nowhere'],
    [['run', 'publish', '--params', `@${appMain}`], 'not JSON'],
  ] as const) {
    const wrong = await mobkit(args);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain(named);
  }
});

it('[app.check] prints diagnostics with path, line and column, and exits with 1 on an error', async () => {
  const directory = temporaryDirectory();
  const file = writeSlowMob(directory);
  expect(await mobkit(['check', file])).toMatchObject({ code: 0, stderr: '' });
  const broken = join(temporaryDirectory(), 'mob.toml');
  writeFileSync(broken, '[mob]\nid = "x"\n\n[profiles.a]\nmodel = "m"\nskills = ["none"]\n');
  const found = await mobkit(['check', broken]);
  expect(found.code).toBe(1);
  expect(found.stdout).toMatch(/:6:\d+ .*missing_skill_ref.*profiles\.a\.skills\[0\]/);
  writeFileSync(broken, '[mob]\nid = \n');
  expect((await mobkit(['check', broken])).stdout).toMatch(/:2:\d+ /);
});

it('[app.check-models] warns of models that nobody knows, with path, line and column, but not when plugins may bring them', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'mob.toml');
  const profiles = ['scripted', 'gpt-4o', 'openai/new', 'gtp-4o'].map(
    (model, at) => `[profiles.p${at}]\nmodel = "${model}"\n`,
  );
  writeFileSync(file, `[mob]\nid = "x"\n\n${profiles.join('\n')}`);
  const found = await mobkit(['check', file]);
  expect(found).toMatchObject({ code: 0, stderr: '' });
  expect(found.stdout.split('\n')).toEqual([
    expect.stringMatching(/:14:\d+ warning unknown_model profiles\.p3\.model: .*"gtp-4o"/),
    expect.stringMatching(/: 0 errors, 1 warning$/),
    '',
  ]);
  expect((await mobkit(['check', writeSlowMob(directory)])).stdout).toContain('nothing wrong');
});

it('[app.bad-mob] refuses to start a mob that cannot run, naming the field', async () => {
  const file = join(temporaryDirectory(), 'mob.toml');
  writeFileSync(
    file,
    '[mob]\nid = "x"\n\n[profiles.a]\nmodel = "m"\n\n[[members]]\nidentity = "one"\nprofile = "nobody"\n',
  );
  const refused = await mobkit(['up', file, '--state', temporaryDirectory(), '--port', '0']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('nobody');
  expect(refused.stderr).toContain('members[0].profile');
});

it('[app.port-in-use] says that the port is taken before any agent works', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const state = temporaryDirectory();
  const refused = await mobkit(['up', '--state', state, '--port', String(port)]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(String(port));
  expect((await mobkit(['events', '--state', state])).stdout).toBe('');
});

it('[app.loopback] refuses another address than loopback', async () => {
  const refused = await mobkit(['up', '--state', temporaryDirectory(), '--host', '0.0.0.0', '--port', '0']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('0.0.0.0');
});

it('[app.no-server] reads the store without a server, and names npm start where it needs one', async () => {
  const state = temporaryDirectory();
  const app = startServer(['--state', state]);
  await app.url();
  const running = await mobkit(['members', '--state', state]);
  await app.stop();
  const kept = await mobkit(['members', '--state', state]);
  expect(kept).toMatchObject({ code: 0, stdout: running.stdout });
  expect(kept.stdout).toMatch(/lead .*database, network, scribe/);
  const events = await mobkit(['events', '--state', state]);
  expect(events).toMatchObject({ code: 0, stderr: expect.stringContaining('No server runs') });
  expect(events.stdout).toContain('run_completed');
  for (const command of [
    ['send', 'lead', 'hello'],
    ['events', '--follow'],
  ]) {
    const refused = await mobkit([...command, '--state', state]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('npm start');
  }
  const nothing = await mobkit(['events', '--state', join(state, 'nothing')]);
  expect(nothing.code).toBe(1);
  expect(nothing.stderr).toContain('npm start');
});

it('[app.plugins] lists the plugins in order, with those a config adds', async () => {
  const { stdout } = await mobkit(['plugins']);
  const names = stdout.split('\n').flatMap((line) => /^[a-z-]+(?= \()/.exec(line) ?? []);
  expect(names.slice(0, 6)).toEqual([
    'store-sqlite',
    'http-listener',
    'import-check',
    'dead-letters',
    'event-spool',
    'event-ingestion',
  ]);
  const added = await mobkit(['plugins', writeSlowMob(temporaryDirectory())]);
  expect(added.stdout).toContain('slow-model');
});

it('[app.once-failed] exits with 1 when a run failed', async () => {
  const directory = temporaryDirectory();
  const file = writeSlowMob(directory);
  // Of another member: the orchestrator's own answer is there.
  const failed = await mobkit(['up', file, '--state', join(directory, 's'), '--once', 'ask two to fail']);
  expect(failed.stdout).toMatch(/^done: .*ask two to fail/s);
  expect(failed.stderr).toContain('told to fail');
  expect(failed.code).toBe(1);
});

it('[app.terminal-safe] strips control characters from what agents wrote', async () => {
  const directory = temporaryDirectory();
  const evil = 'a\u001B[2Jb\u0007c\u202Ed';
  const state = join(directory, 's');
  const asked = await mobkit(['up', writeSlowMob(directory), '--state', state, '--once', evil]);
  expect(asked.stdout).toContain('a[2Jbcd');
  for (const args of [['events'], ['events', '--json']]) {
    const shown = await mobkit([...args, '--state', state]);
    expect(shown.stdout).toContain('2J');
    expect(/[^\P{Cc}\n]|\u202E/u.test(shown.stdout)).toBe(false);
  }
});

it('[app.follow] follows what happens, from the beginning and live', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 's');
  const mob = writeSlowMob(directory);
  await mobkit(['up', mob, '--state', state, '--once', 'before']);
  const app = startServer([mob, '--state', state]);
  await app.url();
  const following = new AppProcess(['events', '--follow', '--json', '--state', state]);
  await following.line((line) => resultOf(line).endsWith('before'));
  await mobkit(['send', 'two', 'after', '--state', state]);
  await following.line((line) => resultOf(line).endsWith('after'));
  await app.stop();
  expect((await following.ended).code).toBe(0);
  const results = following.lines.map(resultOf);
  for (const message of ['before', 'after']) {
    expect(results.filter((result) => result.endsWith(message))).toHaveLength(1);
  }
});

function resultOf(line: LogLine): string {
  const { payload } = line['event'] as {
    readonly payload: { readonly type: string; readonly result?: string };
  };
  return payload.type === 'run_completed' ? (payload.result ?? '') : '';
}

it('[app.pipe] ends when whoever reads its output has left', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 's');
  const app = startServer([writeSlowMob(directory), '--state', state]);
  await app.url();
  const following = [process.execPath, appMain, 'events', '--follow', '--json', '--state', state];
  const reader = 'set -o pipefail; "$@" | { head -1; exec <&-; echo left; }';
  const piped = spawn('bash', ['-c', reader, 'bash', ...following], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void piped.kill('SIGKILL'));
  const ended = once(piped, 'exit');
  const shown: string[] = [];
  for await (const line of createInterface({ input: piped.stdout })) {
    shown.push(line);
    if (line === 'left') {
      break;
    }
  }
  expect(shown).toEqual([expect.stringContaining('"event"'), 'left']);
  await mobkit(['send', 'two', 'something to print', '--state', state]);
  expect(await ended).toEqual([0, null]);
});

it('[app.dash] sends a message that begins with a dash after --', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 's');
  const app = startServer([writeSlowMob(directory), '--state', state]);
  await app.url();
  const sent = await mobkit(['send', '--state', state, 'two', '--', '--help']);
  expect(sent.stdout).toMatch(/^Sent to two/);
  await app.line(({ msg }) => msg.startsWith('two ✓ done: [message from user] --help'));
});

it('[app.wire] wires and unwires members of the running mob, and sends what steers', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 's');
  const app = startServer([writeSlowMob(directory), '--state', state]);
  await app.url();
  const wired = async () => (await mobkit(['members', '--state', state, '--json'])).stdout;
  expect((await mobkit(['unwire', 'one', 'two', '--state', state])).stdout).toContain('not wired any more');
  expect(await wired()).not.toContain('"wired_to":["two"]');
  expect((await mobkit(['wire', 'one', 'two', '--state', state])).stdout).toBe('one and two are wired\n');
  expect(await wired()).toContain('"wired_to":["two"]');
  const unknown = await mobkit(['wire', 'one', 'nobody', '--state', state]);
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody') });
  expect(await mobkit(['send', 'two', 'now', '--steer', '--state', state])).toMatchObject({ code: 0 });
});

it('[app.lifecycle] stops and resumes the running mob, and ends it only for whoever says so', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 's');
  const file = writeSlowMob(directory);
  const app = startServer([file, '--state', state]);
  await app.url();
  const run = (...args: readonly string[]) => mobkit([...args, '--state', state]);
  expect((await run('stop')).stdout).toMatch(/ is Stopped\n$/);
  expect(await run('send', 'two', 'hello')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Stopped'),
  });
  expect((await run('resume')).stdout).toMatch(/ is Running\n$/);
  for (const name of ['reset', 'complete', 'destroy']) {
    expect(await run(name)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  }
  expect((await run('reset', '--yes')).stdout).toMatch(/ is Running\n$/);
  expect((await run('members', '--json')).stdout).toBe('');
  expect((await run('destroy', '--yes')).stdout).toMatch(/ is Destroyed\n$/);
  expect(await run('resume')).toMatchObject({ code: 1, stderr: expect.stringContaining('Destroyed') });
});

it('[app.check-config] checks the config beside a definition too', async () => {
  const directory = temporaryDirectory();
  writeSlowMob(directory);
  const file = join(directory, 'mob.toml');
  rmSync(join(directory, 'mobkit.config.mjs'));
  const route = '[[routes]]\nroute_key = "a"\nrecipient = "x"\nsink = "log"\n';
  writeFileSync(join(directory, 'mobkit.config.toml'), route + route);
  const found = await mobkit(['check', file]);
  expect(found.code).toBe(1);
  expect(found.stderr).toContain('routes[1]');
  writeFileSync(join(directory, 'mobkit.config.toml'), 'plugins = ["@acme/none"]\n');
  expect((await mobkit(['check', file])).stderr).toContain('@acme/none');
  writeFileSync(join(directory, 'mobkit.config.toml'), 'color = "red"\n');
  expect((await mobkit(['check', file])).stderr).toContain('color');
});
