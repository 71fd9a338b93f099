import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { MobError } from '@mobkit/core';
import { parse } from 'smol-toml';

import { type AppConfig, NO_CONFIG, parseAppConfig } from './app-config.js';
import { locateDiscovery } from './discovery-config.js';

/**
 * Reads the config beside a mob file; what stands without one when there is none. Paths in it are relative to it.
 *
 * @throws MobError `MOB_CONFIG_INVALID` when it is broken, or when there are two.
 */
export async function loadAppConfig(mobFile: string): Promise<AppConfig> {
  const directory = dirname(mobFile);
  const files = ['mobkit.config.toml', 'mobkit.config.mjs'].map((name) => join(directory, name));
  const [file, other] = files.filter((path) => existsSync(path));
  if (file === undefined) return NO_CONFIG;
  if (other !== undefined) throw invalid(file, `there is also ${other}: keep one of them`);
  const given = file.endsWith('.toml') ? readToml(file) : await importConfig(file);
  const config = parseAppConfig(given, file);
  return {
    ...config,
    ...(config.script !== undefined && { script: resolve(directory, config.script) }),
    ...(config.mcp && { mcp: mapServers(config.mcp, directory) }),
    ...(config.discovery && { discovery: locateDiscovery(config.discovery, directory) }),
  };
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
