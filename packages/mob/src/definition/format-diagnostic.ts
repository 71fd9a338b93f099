import type { Diagnostic } from '@mobkit/core/mob';

/**
 * One line for a terminal: `mob.toml:12:3 error missing_skill_ref profiles.worker.skills[0]: There is no skill "x"`. The
 * parts it has nothing for are left out. Names from the document are in it as they are: strip control characters.
 */
export function formatDiagnostic(diagnostic: Diagnostic, file: string): string {
  const { code, message, location, line, column, severity } = diagnostic;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${[place, severity, code, location].filter((part) => part !== undefined).join(' ')}: ${message}`;
}
