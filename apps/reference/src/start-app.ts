import { isMobError, MobError } from '@mobkit/core';
import type { Assembly } from '@mobkit/di';
import type { DefinitionChange } from '@mobkit/mob';

import { terminalLine } from './cli/terminal-text.js';

export interface StartedApp {
  readonly mobFile: string;
  /** The state directory. */
  readonly state: string;
  /** What keeps everything. */
  readonly store: string;
}

/**
 * Starts what was put together; a definition that differs from the stored one is refused with the difference and what
 * can be done. Answers false when it was given up by `signal`: nothing runs then.
 */
export async function startApp(assembly: Assembly, app: StartedApp, signal?: AbortSignal): Promise<boolean> {
  try {
    await assembly.start();
    return true;
  } catch (error) {
    const [first, ...others]: unknown[] = error instanceof AggregateError ? error.errors : [error];
    if (signal?.aborted && isMobError(first, 'MOB_SHUTTING_DOWN') && others.length === 0) return false;
    if (isMobError(first, 'MOB_DEFINITION_CHANGED')) throw changed(first, app);
    if (isMobError(first, 'MOB_LEASE_HELD')) throw held(first);
    throw error;
  }
}

function held({ details }: MobError): MobError {
  const lines = [
    `Mob "${String(details['mobId'])}" is run by ${String(details['owner'])}.`,
    'Stop it there, stand by for it with `mobkit up --wait`, or take it over with `mobkit takeover`',
  ];
  return new MobError('MOB_LEASE_HELD', lines.join('\n'), { retryable: true, details });
}

function changed(cause: MobError, { mobFile, state, store }: StartedApp): MobError {
  const changes = cause.details['changes'] as readonly DefinitionChange[];
  const here = store === 'store-sqlite';
  const kept = here ? state : store;
  const lines = [
    `${mobFile} differs from the definition that the mob in ${kept} was created from:`,
    ...changes.map(({ path, stored, given }) => `  ${path}: ${show(stored)} -> ${show(given)}`),
    `Start it as a new mob with another ${here ? '--state DIR' : 'store or schema'}, or reset: while no server runs,`,
    `${here ? `delete ${state}` : 'drop that schema'} and with it everything the mob has done.`,
  ];
  return new MobError('MOB_DEFINITION_CHANGED', lines.join('\n'), { details: cause.details });
}

function show(value: unknown): string {
  return value === undefined ? '(none)' : terminalLine(JSON.stringify(value), 80);
}
