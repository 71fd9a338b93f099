import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The files that a mob may be described by, beside its config; those that are there. */
export interface ConfigFiles {
  readonly mob?: string;
  readonly gating?: string;
  readonly routing?: string;
  /** In the order in which they count: of two schedules of one id the later. */
  readonly schedules: readonly string[];
  readonly console?: string;
  readonly access?: string;
  readonly contacts?: string;
  /** Of the workspace, which others share: only when it was asked for. */
  readonly workspace?: string;
}

export interface ConfigDirectories {
  readonly config: string;
  readonly deployment: string;
  /** Asks for the file of this workspace too. @defaultValue it is left alone */
  readonly workspace?: string;
}

/** Paths that win over what is found; nobody looks whether they are there. */
export type GivenFiles = Partial<ConfigFiles>;

/** Where the directories of a mob file are: beside it, or around it when it is in the first of them. */
export function rootOf(mobFile: string): string {
  const directory = dirname(mobFile);
  return basename(directory) === 'config' ? dirname(directory) : directory;
}

/** The files that there are by their fixed names. A directory that is missing has none; what is no file is none. */
export function findConfigFiles(
  { config, deployment, workspace }: ConfigDirectories,
  given: GivenFiles = {},
): ConfigFiles {
  const found = {
    mob: join(config, 'mob.toml'),
    gating: join(config, 'gating.toml'),
    routing: join(deployment, 'routing.toml'),
    console: join(config, 'console.toml'),
    access: join(config, 'access.toml'),
    contacts: join(config, 'contacts.toml'),
    ...(workspace !== undefined && { workspace: join(workspace, '.rkat', 'config.toml') }),
  };
  const schedules = [join(config, 'defaults', 'schedules.toml'), join(deployment, 'schedules.toml')];
  return {
    ...Object.fromEntries(Object.entries(found).filter(([, path]) => isFile(path))),
    schedules: schedules.filter(isFile),
    ...given,
  };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
