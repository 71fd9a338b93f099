import { resolve } from 'node:path';

import type { Diagnostic, MobDefinition, Skill } from '@mobkit/core/mob';

import { error, toDiagnostic } from './finding.js';
import type { PositionOf } from './read-document.js';

/** A definition whose skills were files. */
export interface ResolvedSkills {
  /** The given one with every skill inline that could be read. */
  readonly definition: MobDefinition;
  /** `missing_skill_file`, an error, for every one that could not. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Puts the text of skills that are files into the definition, so that what is stored needs no other file.
 *
 * @param readFile - Returns the text of a file, or throws.
 * @param baseDirectory - What relative paths start from: the directory of the definition's own file.
 * @param positionOf - Gives diagnostics line and column: that of what `parseMobDefinition` returned.
 */
export function resolveSkillPaths(
  definition: MobDefinition,
  readFile: (path: string) => string,
  baseDirectory: string,
  positionOf?: PositionOf,
): ResolvedSkills {
  if (!definition.skills) return { definition, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const inline = ([name, skill]: [string, Skill]): [string, Skill] => {
    if (skill.source === 'inline') return [name, skill];
    const file = resolve(baseDirectory, skill.path);
    try {
      return [name, { source: 'inline', content: readFile(file) }];
    } catch (cause) {
      const path = ['skills', name, 'path'];
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `Cannot read the skill from ${file}: ${why}`;
      diagnostics.push(toDiagnostic(error('missing_skill_file', path, message), positionOf?.(path)));
      return [name, skill];
    }
  };
  const skills = Object.fromEntries(Object.entries(definition.skills).map(inline));
  return { definition: { ...definition, skills }, diagnostics };
}
