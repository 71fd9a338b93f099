import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { errorText, isMobError } from '@mobkit/core';
import type { MobPlugin, PluginPlace } from '@mobkit/di';

import { entryError, isPlugin, type NamedPlugin, type PluginEntry } from './plugin-entry.js';

/** Where in a config a plugin is named, and for which state directory. */
export interface EntryPlace {
  /** The config, or the mob file where there is none. */
  readonly file: string;
  /** The field of the config. */
  readonly field: string;
  /** The state directory. */
  readonly state: string;
}

/** Where a plugin came from that a config names. */
export interface PluginOrigin {
  /** Its package; absent: the config made it itself. */
  readonly package?: string;
  /** Of the package, as far as it says one. */
  readonly version?: string;
  /** The directory of the package, or the config. */
  readonly path: string;
}

export interface LoadedPlugin {
  readonly plugin: MobPlugin;
  /** Absent: it comes with the app. */
  readonly origin?: PluginOrigin;
}

/**
 * Loads a plugin a config names: the export `plugin` of the package's `./plugin` door, found from where the config file
 * lies, called with the entry's options. Nothing that no config names is ever loaded.
 *
 * @throws MobError `MOB_CONFIG_INVALID`, naming file and field, when it cannot be loaded, has no such export, or does not
 * take its options.
 */
export async function loadPlugin(entry: PluginEntry, place: EntryPlace): Promise<LoadedPlugin> {
  const { file, field, state } = place;
  if (isPlugin(entry)) return { plugin: guarded(entry, place), origin: { path: file } };
  const path = findDoor(entry, place);
  const made = await import(pathToFileURL(path).href).then(
    (loaded: { readonly plugin?: unknown }) => loaded.plugin,
    (cause: unknown) => {
      throw entryError(
        file,
        field,
        `the plugin "${entry.plugin}" cannot be loaded: ${errorText(cause)}`,
        cause,
      );
    },
  );
  if (typeof made !== 'function') {
    throw entryError(file, field, `"${entry.plugin}/plugin" has no function named \`plugin\` that makes one`);
  }
  const where: PluginPlace = { directory: dirname(file), state: resolve(state) };
  const plugin = await makePlugin(made as Make, entry, where, place);
  if (!isPlugin(plugin)) {
    const what = `\`plugin\` of "${entry.plugin}/plugin" made no plugin: an object with \`name\` and \`register\``;
    throw entryError(file, field, what);
  }
  return { plugin: guarded(plugin, place), origin: originOf(entry.plugin, path) };
}

/** The same plugin, except that what goes wrong when it registers names the entry. */
function guarded(plugin: MobPlugin, { file, field }: EntryPlace): MobPlugin {
  const { name } = plugin;
  return {
    name,
    register(context) {
      let returned: unknown;
      try {
        returned = plugin.register(context);
      } catch (cause) {
        throw entryError(file, field, `the plugin "${name}" cannot register: ${errorText(cause)}`, cause);
      }
      if (returned instanceof Promise) {
        // It is late in any case, and must not end the process when it fails.
        returned.catch(() => {});
        throw entryError(file, field, `the plugin "${name}" registers in a promise, which nobody waits for`);
      }
    },
  };
}

type Make = (options: NamedPlugin['options'], place: PluginPlace) => unknown;

function findDoor({ plugin }: NamedPlugin, { file, field }: EntryPlace): string {
  try {
    return createRequire(file).resolve(`${plugin}/plugin`);
  } catch (cause) {
    const what = `the plugin "${plugin}" cannot be loaded: it is to be installed in ${dirname(file)}, or above, and have a door \`./plugin\` with a \`default\` in its \`exports\``;
    throw entryError(file, field, what, cause);
  }
}

async function makePlugin(
  make: Make,
  { plugin, options }: NamedPlugin,
  where: PluginPlace,
  { file, field }: EntryPlace,
): Promise<unknown> {
  try {
    return await make(options, where);
  } catch (cause) {
    const wrong = isMobError(cause) ? cause.details['field'] : undefined;
    const at = typeof wrong === 'string' ? `${field}.options.${wrong}` : `${field}.options`;
    throw entryError(file, at, `"${plugin}" does not take them: ${errorText(cause)}`, cause);
  }
}

/** The nearest manifest above the door that bears the name. */
function originOf(name: string, door: string): PluginOrigin {
  for (let at = dirname(door); at !== dirname(at); at = dirname(at)) {
    const manifest = readManifest(join(at, 'package.json'));
    if (manifest?.name !== name) continue;
    const { version } = manifest;
    return { package: name, ...(typeof version === 'string' && { version }), path: at };
  }
  return { package: name, path: dirname(door) };
}

function readManifest(path: string): { readonly name?: unknown; readonly version?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { readonly name?: unknown };
  } catch {
    return undefined;
  }
}
