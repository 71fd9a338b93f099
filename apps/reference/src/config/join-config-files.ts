import { MobError } from '@mobkit/core';

import type { ConfigFiles } from './config-files.js';

type Sections = Readonly<Record<string, unknown>>;

/** What names an entry of a list, so that a later file can replace it. */
const KEYS = { routes: 'route_key', schedules: 'id' } as const;

/**
 * A config with what stands in the files beside it, each of which may only say its own part: `gating.toml` the table
 * `gating`, `routing.toml` the list `routes`, `schedules.toml` the list `schedules`. Of two entries of one name in
 * two files the later counts, in the place of the first: those of files come in their order, then those of the config. The file of the
 * workspace may say everything, and counts where nobody else says it.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a file that says something else, and for a table that is said twice.
 */
export function joinConfigFiles(
  config: Sections,
  { gating, routing, schedules, workspace }: ConfigFiles,
  read: (file: string) => Sections,
): Sections {
  const parts = [
    ...(routing === undefined ? [] : [partOf('routes', routing, read)]),
    ...schedules.map((file) => partOf('schedules', file, read)),
    config,
  ];
  const gate = gating === undefined ? {} : partOf('gating', gating, read);
  if ('gating' in gate && 'gating' in config) {
    throw invalid(gating, 'says [gating], and so does the config: keep one of them');
  }
  return {
    ...(workspace !== undefined && read(workspace)),
    ...config,
    ...gate,
    ...joined('routes', parts),
    ...joined('schedules', parts),
  };
}

function partOf(part: string, file: string, read: (file: string) => Sections): Sections {
  const said = read(file);
  const other = Object.keys(said).find((key) => key !== part);
  if (other !== undefined) throw invalid(file, `says "${other}", and may only say "${part}"`);
  return said;
}

function joined(list: keyof typeof KEYS, parts: readonly Sections[]): Sections {
  const said = parts.map((part) => part[list]).filter((value) => value !== undefined);
  // What is no list is left for whoever checks the whole.
  const wrong = said.find((value) => !Array.isArray(value));
  if (said.length === 0 || wrong !== undefined) return said.length === 0 ? {} : { [list]: wrong };
  const entries: { readonly entry: unknown; readonly of: number }[] = [];
  for (const [of, part] of said.entries()) {
    for (const entry of part as readonly unknown[]) {
      const name = nameIn(list, entry);
      // Two of one name in one file are a mistake, which is left for whoever checks the whole.
      const at =
        name === undefined ? -1 : entries.findIndex((one) => one.of < of && nameIn(list, one.entry) === name);
      if (at === -1) entries.push({ entry, of });
      else entries[at] = { entry, of };
    }
  }
  return { [list]: entries.map(({ entry }) => entry) };
}

function nameIn(list: keyof typeof KEYS, entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null
    ? (entry as Readonly<Record<string, unknown>>)[KEYS[list]]
    : undefined;
}

function invalid(file: string | undefined, what: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', `${file} ${what}`, { details: { file } });
}
