import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { findConfigFiles } from './config-files.js';
import { joinConfigFiles } from './join-config-files.js';
import { loadAppConfig } from './load-app-config.js';

let root = '';
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'mobkit-files-'))));
afterEach(() => rmSync(root, { recursive: true }));

const at = (path: string) => join(root, path);
const directories = () => ({ config: at('config'), deployment: at('deployment') });

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  }
}

const everything = {
  mob: 'config/mob.toml',
  gating: 'config/gating.toml',
  routing: 'deployment/routing.toml',
  console: 'config/console.toml',
  access: 'config/access.toml',
  contacts: 'config/contacts.toml',
};
const schedules = ['config/defaults/schedules.toml', 'deployment/schedules.toml'];

it('[policies.config-files] finds every file by its fixed name, schedules in their order', () => {
  write(Object.fromEntries([...Object.values(everything), ...schedules].map((path) => [path, ''])));
  expect(findConfigFiles(directories())).toEqual({
    ...Object.fromEntries(Object.entries(everything).map(([part, path]) => [part, at(path)])),
    schedules: schedules.map(at),
  });
});

it('[policies.config-files] finds what is there of them, and nothing where no directory is', () => {
  expect(findConfigFiles(directories())).toEqual({ schedules: [] });
  write({ 'deployment/schedules.toml': '', 'config/access.toml': '', 'config/gating.toml/inside': '' });
  expect(findConfigFiles(directories())).toEqual({
    access: at('config/access.toml'),
    schedules: [at('deployment/schedules.toml')],
  });
});

it('[policies.workspace-file] looks at the workspace only when it is asked to', () => {
  write({ '.rkat/config.toml': '' });
  expect(findConfigFiles(directories())).toEqual({ schedules: [] });
  expect(findConfigFiles({ ...directories(), workspace: root })).toEqual({
    workspace: at('.rkat/config.toml'),
    schedules: [],
  });
});

it('[policies.given-files] takes the place that is given for a file, and not the one that is found', () => {
  write({ 'config/gating.toml': '', 'deployment/schedules.toml': '' });
  expect(findConfigFiles(directories(), { gating: 'elsewhere.toml', schedules: [] })).toEqual({
    gating: 'elsewhere.toml',
    schedules: [],
  });
});

const route = (key: string, sink: string) =>
  `[[routes]]\nroute_key = "${key}"\nrecipient = "*"\nsink = "${sink}"\n`;
const routesOf = async (mobFile: string) =>
  (await loadAppConfig(at(mobFile))).routes.map(({ routeKey, sink }) => `${routeKey} ${sink}`);

it('[policies.joined-files] reads them as if they stood in the config, where the config wins', async () => {
  write({ 'deployment/routing.toml': `${route('a', 'log')}${route('b', 'log')}`, 'mob.toml': '' });
  expect(await routesOf('mob.toml')).toEqual(['a log', 'b log']);
  write({ 'mobkit.config.toml': `${route('c', 'log')}${route('a', 'mine')}` });
  expect(await routesOf('mob.toml')).toEqual(['a mine', 'b log', 'c log']);
  expect(await routesOf('config/mob.toml')).toEqual(['a mine', 'b log', 'c log']);
  write({ 'other.toml': route('d', 'log'), 'mobkit.config.toml': '[files]\nrouting = "other.toml"\n' });
  expect(await routesOf('mob.toml')).toEqual(['d log']);
});

it('[policies.workspace-file] counts where nobody else says it, and is read only when the config asks for it', async () => {
  write({ '.rkat/config.toml': '[memory]\nmax_assertions = 7\n', 'mobkit.config.toml': '' });
  expect((await loadAppConfig(at('mob.toml'))).memory).toEqual({});
  write({ 'mobkit.config.toml': '[files]\nworkspace = true\n' });
  expect((await loadAppConfig(at('mob.toml'))).memory).toEqual({ maxAssertions: 7 });
  write({ 'mobkit.config.toml': '[memory]\nmax_assertions = 8\n[files]\nworkspace = true\n' });
  expect((await loadAppConfig(at('mob.toml'))).memory).toEqual({ maxAssertions: 8 });
});

it('[policies.joined-files] joins schedules in their order, and takes the table of the gate', () => {
  const said: Record<string, Readonly<Record<string, unknown>>> = {
    defaults: { schedules: [{ id: 'a', every: 1 }, { id: 'b' }] },
    deployment: { schedules: [{ id: 'c' }, { id: 'a', every: 2 }] },
    gate: { gating: { quorum: 2 } },
    empty: {},
  };
  const read = (file: string) => said[file] ?? {};
  const files = { schedules: ['defaults', 'deployment'], gating: 'gate' };
  expect(joinConfigFiles({ script: 's', schedules: [{ id: 'd' }] }, files, read)).toEqual({
    script: 's',
    gating: { quorum: 2 },
    schedules: [{ id: 'a', every: 2 }, { id: 'b' }, { id: 'c' }, { id: 'd' }],
  });
  const twice = { schedules: [{ id: 'a' }, { id: 'a' }] };
  // For whoever checks the config: nobody meant it.
  expect(joinConfigFiles(twice, { schedules: ['defaults'] }, read)).toEqual({
    schedules: [{ id: 'a' }, { id: 'b' }, { id: 'a' }],
  });
  expect(() => joinConfigFiles({ gating: {} }, files, read)).toThrow('keep one of them');
  expect(() => joinConfigFiles({}, { schedules: [], routing: 'gate' }, read)).toThrow(
    'gate says "gating", and may only say "routes"',
  );
  expect(joinConfigFiles({ gating: { quorum: 1 } }, { schedules: [], gating: 'empty' }, read)).toEqual({
    gating: { quorum: 1 },
  });
});

it.each([
  [{ 'deployment/routing.toml': 'routes = 7' }, 'routes'],
  [{ 'deployment/routing.toml': '[[routes' }, 'routing.toml'],
  [{ 'deployment/routing.toml': route('a', ' ') }, 'routing.toml'],
  [{ 'mobkit.config.toml': '[files]\nroute = "x"' }, 'route'],
  [{ 'mobkit.config.toml': '[files]\nrouting = "missing.toml"' }, 'missing.toml'],
  [{ 'mobkit.config.toml': '', 'mobkit.config.mjs': '' }, 'keep one of them'],
])('[policies.joined-files] refuses %j, naming what is wrong', async (files, message) => {
  write(files);
  await expect(loadAppConfig(at('mob.toml'))).rejects.toThrow(
    expect.objectContaining({
      code: 'MOB_CONFIG_INVALID',
      message: expect.stringContaining(message) as string,
    }) as Error,
  );
});
