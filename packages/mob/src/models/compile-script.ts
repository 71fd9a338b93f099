import type { Path } from '../definition/path.js';
import { compilePattern, type Groups, type Pattern } from './pattern.js';
import { placeholdersIn, SEEN_NAME } from './placeholders.js';
import { scriptError } from './script-error.js';
import type { Script, ScriptRule } from './script.js';

/** A rule whose patterns are compiled and whose placeholders are known to have a meaning. */
export interface CompiledRule extends Pick<ScriptRule, 'role' | 'identity' | 'steps'> {
  readonly input?: Pattern;
  readonly seen: readonly Pattern[];
  readonly since?: Pattern;
}

/** @throws MobError `MOB_CONFIG_INVALID` for the first rule that cannot be played. */
export function compileScript({ rules }: Script): readonly CompiledRule[] {
  return rules.map(compileRule);
}

function compileRule({ input, seen = [], since, ...rule }: ScriptRule, at: number): CompiledRule {
  const compile = (field: Path, source: string, inputGroups?: Groups): Pattern => {
    try {
      const pattern = compilePattern(source);
      checkPlaceholders(at, field, source, (name) => isOfInput(name, inputGroups));
      return pattern;
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw scriptError(['rules', at, ...field], cause.message, cause);
    }
  };
  const compiledInput = input === undefined ? undefined : compile(['input'], input);
  const groups: Groups = compiledInput?.groups ?? new Set();
  const compiledSeen = seen.map((source, place) => compile(['seen', place], source, groups));
  const compiledSince = since === undefined ? undefined : compile(['since'], since, groups);
  for (const [place, step] of rule.steps.entries()) {
    checkPlaceholders(
      at,
      ['steps', place],
      step,
      (name) => isOfInput(name, groups) || isOfSeen(name, compiledSeen),
    );
  }
  return {
    ...rule,
    ...(compiledInput && { input: compiledInput }),
    seen: compiledSeen,
    ...(compiledSince && { since: compiledSince }),
  };
}

/** `input` itself has no groups to fill from. */
function isOfInput(name: string, groups?: Groups): boolean {
  return groups !== undefined && (name === 'input' || groups.has(name));
}

function isOfSeen(name: string, seen: readonly Pattern[]): boolean {
  const [, place, group] = SEEN_NAME.exec(name) ?? [];
  const pattern = place === undefined ? undefined : seen[Number(place)];
  return pattern !== undefined && (group === undefined || pattern.groups.has(group));
}

function checkPlaceholders(
  rule: number,
  field: Path,
  value: unknown,
  isKnown: (name: string) => boolean,
): void {
  const unknown = placeholdersIn(value).find((name) => !isKnown(name));
  if (unknown === undefined) return;
  throw scriptError(
    ['rules', rule, ...field],
    `the placeholder {{${unknown}}} names no group of the rule's patterns`,
  );
}
