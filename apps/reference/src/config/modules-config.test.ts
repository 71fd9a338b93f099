import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, onTestFinished, vi } from 'vitest';

import { check } from '../commands/check.js';
import { loadAppConfig } from './load-app-config.js';

/** A directory with a config and a manifest, each where given. */
function load({ config, manifest }: { readonly config?: string; readonly manifest?: string }) {
  const directory = mkdtempSync(join(tmpdir(), 'mobkit-modules-config-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  if (config !== undefined) writeFileSync(join(directory, 'mobkit.config.toml'), config);
  if (manifest !== undefined) writeFileSync(join(directory, 'mobkit.toml'), manifest);
  return { directory, loaded: loadAppConfig(join(directory, 'mob.toml')) };
}

const manifest = `
[[modules]]
id = "router"
command = "router-bin"
args = ["--mode", "fast"]
restart_policy = "always"

[[modules]]
id = "delivery"
command = "delivery-bin"
`;

it('[app.modules-config] starts what the config lists, with secrets from the environment and the limits it sets', async () => {
  vi.stubEnv('ROUTER_KEY', 'from outside');
  onTestFinished(() => void vi.unstubAllEnvs());
  const config = `
[[modules]]
id = "router"
command = "node"
args = ["router.mjs"]
restart_policy = "never"
boundary = "mcp"
env = { KEY = "\${ROUTER_KEY}" }

[[modules]]
id = "spare"
command = "spare"
start = false

[supervision]
on_failure_retry_budget = 2
restart_backoff_ms = 120
`;
  const { directory, loaded } = load({ config });
  expect((await loaded).modules).toEqual({
    modules: [
      { id: 'router', command: 'node', args: ['router.mjs'], restartPolicy: 'never', cwd: directory },
      { id: 'spare', command: 'spare', args: [], restartPolicy: 'on_failure', cwd: directory },
    ],
    preSpawn: [
      {
        moduleId: 'router',
        env: [
          ['MOBKIT_MODULE_BOUNDARY', 'mcp'],
          ['KEY', 'from outside'],
        ],
      },
      { moduleId: 'spare', env: [] },
    ],
    wanted: ['router'],
    supervision: { onFailureRetryBudget: 2, restartBackoffMs: 120 },
  });
  expect((await load({}).loaded).modules).toBeUndefined();
});

it('[app.modules-manifest] knows the modules of mobkit.toml, and starts those of them that the config names', async () => {
  const alone = load({ manifest });
  const { directory } = alone;
  expect((await alone.loaded).modules).toEqual({
    modules: [
      {
        id: 'router',
        command: 'router-bin',
        args: ['--mode', 'fast'],
        restartPolicy: 'always',
        cwd: directory,
      },
      { id: 'delivery', command: 'delivery-bin', args: [], restartPolicy: 'on_failure', cwd: directory },
    ],
    preSpawn: [],
    wanted: [],
    supervision: {},
  });
  const named = load({ manifest, config: '[[modules]]\nid = "delivery"\nboundary = "mcp"\n' });
  expect((await named.loaded).modules).toMatchObject({
    modules: [{ id: 'router' }, { id: 'delivery', command: 'delivery-bin' }],
    preSpawn: [{ moduleId: 'delivery', env: [['MOBKIT_MODULE_BOUNDARY', 'mcp']] }],
    wanted: ['delivery'],
  });
});

it.each<[what: string, config: string, manifest: string, said: string]>([
  ['a module nobody can start', '[[modules]]\nid = "router"', '', 'needs a command'],
  [
    'a command for a module of the manifest',
    '[[modules]]\nid = "router"\ncommand = "x"',
    manifest,
    'leave out',
  ],
  [
    'a policy that is none',
    '[[modules]]\nid = "a"\ncommand = "b"\nrestart_policy = "often"',
    '',
    'restart_policy',
  ],
  [
    'a secret that is not set',
    '[[modules]]\nid = "a"\ncommand = "b"\nenv = { K = "${NOT_SET_HERE}" }',
    '',
    'NOT_SET_HERE',
  ],
  [
    'a second entry about a module of the manifest',
    '[[modules]]\nid = "router"\nenv = { A = "1" }\n[[modules]]\nid = "router"\nenv = { B = "2" }',
    manifest,
    'module "router" has two entries',
  ],
  ['a negative pause', '[supervision]\nrestart_backoff_ms = -1', '', 'restart_backoff_ms'],
  ['a manifest with a blank id', '', '[[modules]]\nid = " "\ncommand = "x"', 'mobkit.toml'],
  ['a manifest without a command', '', '[[modules]]\nid = "x"', 'modules[0].command'],
  ['a manifest that is no TOML', '', '[[modules', 'mobkit.toml'],
])('[app.modules-refused] refuses %s', async (_what, config, trusted, said) => {
  await expect(load({ config, manifest: trusted }).loaded).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: expect.stringContaining(said) as string,
  });
});

it('[app.modules-check] checks the modules of a config, and takes a module that delivers for every sink', async () => {
  const checked = (config: string) => {
    const { directory, loaded } = load({ config });
    // The command reads it, too, and that is what is looked at.
    loaded.catch(() => {});
    const mobFile = join(directory, 'mob.toml');
    writeFileSync(mobFile, '[mob]\nid = "crew"\n[profiles.worker]\nmodel = "scripted"\n');
    return check({ name: 'check', mobFile });
  };
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  onTestFinished(() => printed.mockRestore());
  const module = (id: string) => `[[modules]]\nid = "${id}"\ncommand = "x"\n`;
  await expect(checked(module('a') + module('a'))).rejects.toMatchObject({ code: 'MOB_CONFIG_INVALID' });
  const route = '[[routes]]\nroute_key = "r"\nrecipient = "*"\nsink = "pager"\n';
  await checked(module('helper') + route);
  expect(printed.mock.lastCall?.[0]).toContain('1 warning');
  await checked(module('delivery') + route);
  expect(printed.mock.lastCall?.[0]).toContain('nothing wrong');
});
