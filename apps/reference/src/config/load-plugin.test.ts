import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { assemble } from '@mobkit/di';
import { expect, it, onTestFinished } from 'vitest';

import { loadApp } from '../load-app.js';
import { silentTell } from '../parts/silent-tell.js';
import { loadStore } from '../store/load-store.js';
import { parseAppConfig } from './app-config.js';
import { loadMob } from './load-mob.js';
import { loadPlugin } from './load-plugin.js';

/** A directory with a package `@acme/foo` whose plugin door has this text. */
function withPackage(door: string) {
  const directory = mkdtempSync(join(tmpdir(), 'mobkit-plugin-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const root = join(directory, 'node_modules', '@acme', 'foo');
  mkdirSync(root, { recursive: true });
  const exports = { './plugin': './door.js' };
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ name: '@acme/foo', version: '1.2.3', type: 'module', exports }),
  );
  writeFileSync(join(root, 'door.js'), door);
  return { directory, root };
}

const parse = (config: object) => parseAppConfig(config, '/x/mobkit.config.toml');
const entry = { plugin: '@acme/foo', options: { path: 'a' } };
const placeIn = (directory: string) => ({
  file: join(directory, 'mobkit.config.toml'),
  field: 'store',
  state: join(directory, 'state'),
});

it('[door.options] hands the options of an entry to the plugin, with the places of the config and of the state', async () => {
  const { directory, root } = withPackage(
    `export const plugin = (options, place) => ({ name: JSON.stringify({ options, place }), register() {} });`,
  );
  const { plugin, origin } = await loadPlugin(entry, placeIn(directory));
  expect(JSON.parse(plugin.name)).toEqual({
    options: { path: 'a' },
    place: { directory, state: join(directory, 'state') },
  });
  expect(origin).toEqual({ package: '@acme/foo', version: '1.2.3', path: root });
});

it('[door.options] takes a package by its name, with options, and among the plugins', () => {
  const bare = { plugin: '@acme/foo', options: {} };
  expect(parse({ store: '@acme/foo' }).store).toEqual(bare);
  expect(parse({ store: entry }).store).toEqual(entry);
  expect(parse({ plugins: ['@acme/foo', entry] }).plugins).toEqual([bare, entry]);
});

it.each([
  ['store', { store: { options: {} } }],
  ['store', { store: 7 }],
  ['store.plugin', { store: { plugin: ' ' } }],
  ['store.options', { store: { plugin: 'x', options: 'y' } }],
  ['plugins[1]', { plugins: ['x', null] }],
  ['plugins[0]', { plugins: [{ plugin: 'x', option: {} }] }],
])('[door.entry-refused] refuses a wrong entry at %s', (field, config) => {
  const message = expect.stringMatching(new RegExp(`at ${field.replace(/[[\]]/g, '\\$&')}$`, 'm')) as string;
  expect(() => parse(config)).toThrow(expect.objectContaining({ code: 'MOB_CONFIG_INVALID', message }));
});

it.each([
  ['store', 'cannot be loaded', 'throw new Error("broken")'],
  ['store', 'no function named `plugin`', 'export const plugin = 1;'],
  ['store', 'made no plugin', 'export const plugin = () => ({});'],
  ['store.options', 'broken', 'export const plugin = () => { throw new Error("broken"); };'],
  [
    'store.options.path',
    'no such place',
    'export function plugin() { throw Object.assign(new Error("no such place"), { [Symbol.for("mobkit.MobError")]: true, details: { field: "path" } }); }',
  ],
])('[door.entry-refused] names file and field %s of what is wrong: %s', async (field, what, door) => {
  const { directory } = withPackage(door);
  const place = placeIn(directory);
  const details = { file: place.file, field };
  await expect(loadPlugin(entry, place)).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    details,
    message: expect.stringContaining(`${place.file}: ${field}: `) as string,
  });
  await expect(loadPlugin(entry, place)).rejects.toThrow(what);
});

it('[door.entry-refused] says where a package is to be that is not there', async () => {
  const { directory } = withPackage('');
  await expect(loadPlugin({ plugin: '@acme/bar', options: {} }, placeIn(directory))).rejects.toThrow(
    `the plugin "@acme/bar" cannot be loaded: it is to be installed in ${directory}`,
  );
});

it.each([
  ['cannot register: no good', 'register() { throw new Error("no good"); }'],
  ['registers in a promise', 'async register() { throw new Error("late"); }'],
])('[door.entry-refused] names file and field of a plugin that %s', async (what, register) => {
  const { directory } = withPackage(`export const plugin = () => ({ name: 'foo', ${register} });`);
  const place = placeIn(directory);
  const { plugin } = await loadPlugin(entry, place);
  expect(() => assemble([plugin])).toThrow(
    expect.objectContaining({
      code: 'MOB_CONFIG_INVALID',
      message: expect.stringContaining(`${place.file}: store: the plugin "foo" ${what}`) as string,
    }),
  );
});

it('[door.entry-refused] names the entry of a plugin that is called like another', async () => {
  const { directory } = withPackage('');
  const file = join(directory, 'mob.toml');
  writeFileSync(file, '[mob]\nid = "m"\n[profiles.p]\nmodel = "scripted"\n');
  const config = join(directory, 'mobkit.config.mjs');
  writeFileSync(config, `export const config = { plugins: [{ name: 'gating', register() {} }] };`);
  const loading = loadApp(loadMob(file), { state: join(directory, 'state'), tell: silentTell });
  await expect(loading).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: `${config}: plugins[0]: another plugin of the app is called "gating" as well`,
  });
});

it('[door.default-name] refuses a package whose store is called as the default one, naming both', async () => {
  const { directory } = withPackage(`export const plugin = () => ({ name: 'store-sqlite', register() {} });`);
  await expect(loadStore(entry, placeIn(directory), () => {})).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: expect.stringMatching(
      /mobkit\.config\.toml: store: the plugin of "@acme\/foo" is called "store-sqlite".*"@mobkit\/store-sqlite"/,
    ),
  });
  // What a config in JavaScript has made itself is SQLite somewhere else.
  const own = { name: 'store-sqlite', register: () => {} };
  expect((await loadStore(own, placeIn(directory), () => {})).plugin.name).toBe('store-sqlite');
});
