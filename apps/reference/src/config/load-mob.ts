import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { MobError } from '@mobkit/core';
import type { Diagnostic, MobDefinition } from '@mobkit/core/mob';
import {
  formatDiagnostic,
  parseMobDefinition,
  type PositionOf,
  resolveSchemaPaths,
  resolveSkillPaths,
} from '@mobkit/mob';

import { findConfigFiles } from './config-files.js';

const demo = fileURLToPath(new URL('../../demo/mob.toml', import.meta.url));

/** The mob file a command means: the one it names, else `mob.toml` or `config/mob.toml` here, else the demo. */
export function findMobFile(given?: string): string {
  if (given !== undefined) return resolve(given);
  const { mob } = findConfigFiles({ config: 'config', deployment: 'deployment' });
  return existsSync('mob.toml') ? resolve('mob.toml') : mob === undefined ? demo : resolve(mob);
}

export interface LoadedMob {
  readonly file: string;
  /** Absent when a diagnostic is an error. */
  readonly definition?: MobDefinition;
  readonly diagnostics: readonly Diagnostic[];
  /** Where in the file a path is. */
  readonly positionOf: PositionOf;
}

/**
 * Reads a definition and everything it refers to.
 *
 * @throws MobError `MOB_CONFIG_INVALID` when the file cannot be read.
 */
export function loadMob(file: string): LoadedMob {
  const parsed = parseMobDefinition(read(file), { format: extname(file) === '.json' ? 'json' : 'toml' });
  const { positionOf } = parsed;
  if (!parsed.definition) return { file, diagnostics: parsed.diagnostics, positionOf };
  const readFile = (path: string) => readFileSync(path, 'utf8');
  const skills = resolveSkillPaths(parsed.definition, readFile, dirname(file), positionOf);
  const { definition, diagnostics } = resolveSchemaPaths(
    skills.definition,
    readFile,
    dirname(file),
    positionOf,
  );
  const all = [...parsed.diagnostics, ...skills.diagnostics, ...diagnostics];
  const broken = all.some(({ severity }) => severity === 'error');
  return { file, diagnostics: all, positionOf, ...(!broken && { definition }) };
}

/**
 * The definition, or an error with every diagnostic in its text.
 *
 * @throws MobError `MOB_DEFINITION_INVALID`.
 */
export function expectDefinition({ file, definition, diagnostics }: LoadedMob): MobDefinition {
  if (definition) return definition;
  const lines = diagnostics.map((diagnostic) => `  ${formatDiagnostic(diagnostic, file)}`);
  throw new MobError('MOB_DEFINITION_INVALID', `The definition cannot be used:\n${lines.join('\n')}`, {
    details: { file, diagnostics },
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MobError('MOB_CONFIG_INVALID', `Cannot read the mob file ${file}`, {
      cause,
      details: { file },
    });
  }
}
