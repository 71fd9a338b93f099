import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { MobError } from '@mobkit/core';
import { parse } from 'smol-toml';
import { z } from 'zod';

import { type AppConfig, NO_CONFIG, parseAppConfig } from './app-config.js';
import { type ConfigFiles, findConfigFiles, rootOf } from './config-files.js';
import { locateDiscovery } from './discovery-config.js';
import { filesConfig, givenFiles } from './files-config.js';
import { joinConfigFiles } from './join-config-files.js';
import { parseManifest } from './modules-config.js';

/**
 * Reads the config beside a mob file, or around the directory `config` that holds it, with the files beside it that
 * `findConfigFiles` finds and the manifest of modules that may be run, `mobkit.toml`; what stands without any when there are none. Paths in it are relative to it.
 *
 * @throws MobError `MOB_CONFIG_INVALID` when something of it is broken, or when there are two configs.
 */
export async function loadAppConfig(mobFile: string): Promise<AppConfig> {
  const file = configOf(mobFile);
  const directory = dirname(file ?? mobFile);
  const given = file === undefined ? {} : await readConfig(file);
  // What is no object is left for whoever checks the whole.
  if (!isSections(given)) return parseAppConfig(given, file ?? mobFile);
  const { files: places, ...own } = given;
  const files = filesOf(places, mobFile, file);
  const joined = joinConfigFiles(own, files, (one) => readToml(one) as Sections);
  const manifest = join(directory, 'mobkit.toml');
  const trusted = existsSync(manifest) ? parseManifest(readToml(manifest), manifest) : [];
  if (file === undefined && trusted.length === 0 && Object.keys(joined).length === 0) {
    return { ...NO_CONFIG, files };
  }
  const { workspace, gating, routing, schedules } = files;
  const read = [file, workspace, gating, routing, ...schedules, trusted.length > 0 ? manifest : undefined];
  const from = read.filter((one) => one !== undefined).join(', ');
  const { file: _, ...config } = parseAppConfig(joined, from, { trusted, directory });
  return {
    ...config,
    files,
    ...(file !== undefined && { file }),
    ...(config.script !== undefined && { script: resolve(directory, config.script) }),
    ...(config.mcp && { mcp: mapServers(config.mcp, directory) }),
    ...(config.discovery && { discovery: locateDiscovery(config.discovery, directory) }),
  };
}

type Sections = Readonly<Record<string, unknown>>;

function configOf(mobFile: string): string | undefined {
  const directories = [...new Set([dirname(mobFile), rootOf(mobFile)])];
  const names = ['mobkit.config.toml', 'mobkit.config.mjs'];
  const paths = directories.flatMap((directory) => names.map((name) => join(directory, name)));
  const [file, other] = paths.filter((path) => existsSync(path));
  if (file !== undefined && other !== undefined) {
    throw invalid(file, `there is also ${other}: keep one of them`);
  }
  return file;
}

function filesOf(places: unknown, mobFile: string, file = mobFile): ConfigFiles {
  const parsed = z
    .strictObject({ files: filesConfig })
    .safeParse(places === undefined ? {} : { files: places });
  if (!parsed.success) throw invalid(file, z.prettifyError(parsed.error), parsed.error);
  const root = rootOf(mobFile);
  const directories = { config: join(root, 'config'), deployment: join(root, 'deployment') };
  const { files } = parsed.data;
  return findConfigFiles(
    { ...directories, ...(files.workspace && { workspace: root }) },
    givenFiles(files, dirname(file)),
  );
}

async function readConfig(file: string): Promise<unknown> {
  return file.endsWith('.toml') ? readToml(file) : importConfig(file);
}

function isSections(given: unknown): given is Sections {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** Programs run where the config lies unless it says otherwise. */
function mapServers(
  servers: NonNullable<AppConfig['mcp']>,
  directory: string,
): NonNullable<AppConfig['mcp']> {
  return Object.fromEntries(
    Object.entries(servers).map(([name, server]) => [
      name,
      server.command === undefined ? server : { ...server, cwd: resolve(directory, server.cwd ?? '.') },
    ]),
  );
}

function readToml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw invalid(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function importConfig(file: string): Promise<unknown> {
  const loaded: unknown = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw invalid(file, cause instanceof Error ? cause.message : String(cause), cause);
  });
  const config = (loaded as { config?: unknown }).config;
  if (config === undefined) throw invalid(file, 'it has no export named `config`');
  return config;
}

function invalid(file: string, what: string, cause?: unknown): MobError {
  return new MobError('MOB_CONFIG_INVALID', `${file}: ${what}`, { cause, details: { file } });
}
