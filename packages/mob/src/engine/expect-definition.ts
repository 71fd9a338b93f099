import { MobError } from '@mobkit/core';
import type { Diagnostic, MobDefinition } from '@mobkit/core/mob';

import { checkDefinition } from '../definition/check-definition.js';
import { describeChanges } from '../definition/describe-changes.js';
import { isSchemaText } from '../flows/output-schema.js';

/** Answers the warnings. @throws MobError `MOB_DEFINITION_INVALID`. */
export function expectValid(definition: MobDefinition): readonly Diagnostic[] {
  const diagnostics = checkDefinition(definition);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) errors.push(...unreadSkills(definition), ...unreadSchemas(definition));
  if (errors.length === 0) return diagnostics;
  const message = `The definition cannot be used: ${errors.map(warningText).join('; ')}`;
  throw new MobError('MOB_DEFINITION_INVALID', message, {
    details: { diagnostics: [...errors, ...diagnostics.filter(({ severity }) => severity !== 'error')] },
  });
}

/** The engine reads no files. */
function unreadSkills({ skills = {} }: MobDefinition): readonly Diagnostic[] {
  return Object.entries(skills).flatMap(([name, { source }]): Diagnostic[] => {
    if (source === 'inline') return [];
    const message = `Skill "${name}" is a file: put its text in, \`resolveSkillPaths\` does`;
    return [{ code: 'unread_skill_file', message, location: `skills.${name}`, severity: 'error' }];
  });
}

function unreadSchemas({ flows = {} }: MobDefinition): readonly Diagnostic[] {
  return Object.entries(flows).flatMap(([flow, { steps }]) =>
    Object.entries(steps).flatMap(([step, { expected_schema_ref: schema }]): Diagnostic[] => {
      if (schema === undefined || isSchemaText(schema)) return [];
      const message = `The schema of step "${step}" is a file: put its text in, \`resolveSchemaPaths\` does`;
      const location = `flows.${flow}.steps.${step}.expected_schema_ref`;
      return [{ code: 'unread_schema_file', message, location, severity: 'error' }];
    }),
  );
}

/** @throws MobError `MOB_DEFINITION_CHANGED`. */
export function expectUnchanged(stored: MobDefinition | undefined, given: MobDefinition): void {
  const changes = stored ? describeChanges(stored, given) : [];
  if (changes.length === 0) return;
  const paths = changes.map(({ path }) => path).join(', ');
  const message = `Mob "${given.id}" was created from another definition; they differ at ${paths}`;
  throw new MobError('MOB_DEFINITION_CHANGED', message, { details: { mobId: given.id, changes } });
}

export function warningText({ location, message }: Diagnostic): string {
  return location === undefined ? message : `${location}: ${message}`;
}
