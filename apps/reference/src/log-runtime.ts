import type { AgentEventPayload } from '@mobkit/core/mob';
import type { UnifiedRuntime } from '@mobkit/runtime';

import type { AppLog } from './app-log.js';
import { terminalLine } from './cli/terminal-text.js';
import { logModules } from './log-modules.js';

/**
 * Says in the app's log what opening the mob found, and from now on what its members do, a line for each run and call, and what
 * fails of its modules.
 */
export function logRuntime(runtime: UnifiedRuntime, log: AppLog): void {
  const { resumed, lostTurns, broken, warnings } = runtime.openReport;
  const roster = runtime.mob.members().map(({ identity }) => identity);
  log.info(
    { members: roster },
    terminalLine(`${resumed ? 'Resumed' : 'Created'} ${runtime.mob.mobId}: ${roster.join(', ')}`),
  );
  for (const { identity, interactionId, excerpt } of lostTurns) {
    log.warn(
      { identity, interactionId },
      terminalLine(`A turn of ${identity} was lost when the process ended: "${excerpt}"`),
    );
  }
  for (const { identity, error } of broken)
    log.warn({ identity }, terminalLine(`${identity} is broken: ${error}`));
  for (const warning of warnings) log.warn(terminalLine(warning));
  void logModules(runtime, log);

  runtime.mob.onAgentEvent(({ source: { identity }, interactionId, payload }) => {
    const said = sayOf(payload);
    if (said === undefined) return;
    const level = payload.type === 'run_failed' ? 'error' : 'info';
    log[level]({ identity, interactionId, type: payload.type }, terminalLine(`${identity} ${said}`));
  });
}

function sayOf(payload: AgentEventPayload): string | undefined {
  switch (payload.type) {
    case 'run_started':
      return `← ${payload.prompt}`;
    case 'tool_call_requested':
      return `→ ${payload.name} ${JSON.stringify(payload.args)}`;
    case 'run_completed':
      return `✓ ${payload.result}`;
    case 'run_failed':
      return `✗ ${payload.error}`;
    default:
      return undefined;
  }
}
