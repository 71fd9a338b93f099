import { isMobError, MobError } from '@mobkit/core';
import type { Assembly } from '@mobkit/di';
import type { DefinitionChange } from '@mobkit/mob';

import { terminalLine } from './cli/terminal-text.js';

/**
 * Starts what was put together; a definition that differs from the stored one is refused with the difference and what
 * can be done.
 */
export async function startApp(assembly: Assembly, mobFile: string, stateDirectory: string): Promise<void> {
  try {
    await assembly.start();
  } catch (error) {
    const [first]: unknown[] = error instanceof AggregateError ? error.errors : [error];
    if (isMobError(first, 'MOB_DEFINITION_CHANGED')) throw changed(first, mobFile, stateDirectory);
    throw error;
  }
}

function changed(cause: MobError, mobFile: string, stateDirectory: string): MobError {
  const changes = cause.details['changes'] as readonly DefinitionChange[];
  const lines = changes.map(({ path, stored, given }) => `  ${path}: ${show(stored)} -> ${show(given)}`);
  const message = [
    `${mobFile} differs from the definition that the mob in ${stateDirectory} was created from:`,
    ...lines,
    'Start it as a new mob with another --state DIR, or reset: while no server runs, delete',
    `${stateDirectory} and with it everything the mob has done.`,
  ];
  return new MobError('MOB_DEFINITION_CHANGED', message.join('\n'), { details: cause.details });
}

function show(value: unknown): string {
  return value === undefined ? '(none)' : terminalLine(JSON.stringify(value), 80);
}
