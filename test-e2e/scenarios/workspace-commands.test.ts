import { EventEmitter } from 'node:events';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { joinDoubledSignals } from '../../scripts/join-doubled-signals.mjs';
import { unsupported } from '../../scripts/supported-platform.mjs';
import { workspaceRoot } from '../../scripts/workspace-root.mjs';
import { Program, type ProgramEnd } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const runModule = fileURLToPath(new URL('../../scripts/run.mjs', import.meta.url));

/** `npm start` of this workspace, on a state directory of its own. */
function npmStart(...args: string[]): Program {
  const state = join(temporaryDirectory(), 'state');
  return new Program('npm', ['start', '--', '--port', '0', '--state', state, ...args], {
    cwd: workspaceRoot,
  });
}

/** How often the server was told to stop. */
const stops = ({ stdout }: ProgramEnd) => stdout.match(/: stopping/g)?.length ?? 0;

it('[workspace.start] starts the app with what follows --, and gives back its exit code', async () => {
  const once = await npmStart('--once', 'Checkout answers 500').ended;
  expect(once).toMatchObject({ code: 0 });
  expect(once.stderr).toContain('mobkit: starting');
  expect((await npmStart('--colour').ended).code).toBe(2);
});

it('[workspace.signal] hands SIGTERM to the server, which ends in order', async () => {
  const server = npmStart();
  await server.printed('"url"');
  server.signal('SIGTERM');
  const end = await server.ended;
  expect(end.code).toBe(0);
  expect(stops(end)).toBe(1);
});

it('[workspace.signal-once] counts one Ctrl-C once, though npm and the terminal both deliver it', async () => {
  const server = npmStart();
  await server.printed('"url"');
  server.signalGroup('SIGINT');
  const end = await server.ended;
  expect(end.code).toBe(0);
  expect(stops(end)).toBe(1);
});

it('[workspace.signal-again] takes a second Ctrl-C for another, as it does another signal', () => {
  const target = new EventEmitter();
  let nowMs = 0;
  joinDoubledSignals(target, { withinMs: 300, nowMs: () => nowMs });
  const got: string[] = [];
  for (const name of ['SIGINT', 'SIGTERM', 'exit']) target.on(name, () => got.push(`${name} ${nowMs}`));
  for (const [atMs, name] of [
    [0, 'SIGINT'],
    [299, 'SIGINT'],
    [299, 'SIGTERM'],
    [300, 'SIGINT'],
    [300, 'exit'],
    [300, 'exit'],
  ] as const) {
    nowMs = atMs;
    target.emit(name);
  }
  expect(got).toEqual(['SIGINT 0', 'SIGTERM 299', 'SIGINT 300', 'exit 300', 'exit 300']);
});

it('[workspace.exit-code] passes on how a program ended, and stops after one that was interrupted', async () => {
  const running = (script: string) => {
    const code = `import { run } from ${JSON.stringify(runModule)}; process.exitCode = await run('sh', ['-c', ${JSON.stringify(script)}]);`;
    return new Program(process.execPath, ['--input-type=module', '-e', code]);
  };
  expect((await running('exit 7').ended).code).toBe(7);
  expect((await running('kill -9 $$').ended).code).toBe(137);
  const interrupted = running(
    `exec node -e "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1e6); console.log('up')"`,
  );
  await interrupted.printed('up');
  interrupted.signal('SIGTERM');
  expect((await interrupted.ended).code).toBe(143);
});

it('[workspace.npx] runs mobkit through npx, before and after it is built', async () => {
  const built = await new Program('npx', ['mobkit', 'check', 'missing.toml'], { cwd: workspaceRoot }).ended;
  expect(built.code).toBe(1);
  expect(built.stderr).toContain('missing.toml');

  const clone = temporaryDirectory();
  for (const path of ['package.json', 'scripts'])
    cpSync(join(workspaceRoot, path), join(clone, path), { recursive: true });
  mkdirSync(join(clone, 'apps'));
  // No registry: a `mobkit` from there would not be ours.
  const env = {
    ...process.env,
    npm_config_registry: 'http://127.0.0.1:9',
    npm_config_cache: join(clone, 'cache'),
  };
  const fresh = await new Program('npx', ['mobkit', '--version'], { cwd: clone, env }).ended;
  expect(fresh.code).toBe(1);
  expect(fresh.stderr).toContain('run `npm start` first');
});

it('[workspace.bench] keeps stdout of a bench for its result', async () => {
  const bench = await new Program('npm', ['run', '-s', 'bench', '--', 'none', '--json'], {
    cwd: workspaceRoot,
  }).ended;
  expect(bench).toMatchObject({ code: 2, stdout: '' });
  expect(bench.stderr).toContain('Usage');
});

it('[workspace.platform] says in a sentence where it does not run', () => {
  expect(unsupported('v20.18.3', 'linux')).toContain('Node 20.19 or later; this is Node 20.18.3');
  expect(unsupported('v18.20.0', 'darwin')).toContain('20.19');
  expect(unsupported('v22.1.0', 'win32')).toContain('Windows');
  expect([unsupported('v20.19.0', 'linux'), unsupported('v24.0.1', 'darwin')]).toEqual([
    undefined,
    undefined,
  ]);
});
