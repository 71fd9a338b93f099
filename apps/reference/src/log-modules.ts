import { errorText } from '@mobkit/core';
import type { UnifiedRuntime } from '@mobkit/runtime';

import type { AppLog } from './app-log.js';
import { terminalLine } from './cli/terminal-text.js';

/** Says in the app's log what fails of modules, from the start of the runtime until its end. */
export async function logModules({ modules, timeline }: UnifiedRuntime, log: AppLog): Promise<void> {
  if (!modules) return;
  const after = { epoch: timeline.read({ limit: 0 }).latest.epoch, n: 0 };
  for await (const item of timeline.follow({ after, scope: { source: 'module' } })) {
    if (item.type === 'gap' || item.source !== 'module') continue;
    const { module, eventType, payload } = item.event.event;
    if (eventType !== 'supervisor.warning') continue;
    const { error, next, ...about } = fieldsOf(payload);
    const then = next === undefined ? '' : `; ${errorText(next)}`;
    log.warn({ about: { ...about, next }, module }, terminalLine(`${errorText(error)}${then}`));
  }
}

/** A module may tell events of this type itself. */
function fieldsOf(payload: unknown): Readonly<Record<string, unknown>> {
  return typeof payload === 'object' && payload !== null
    ? (payload as Readonly<Record<string, unknown>>)
    : {};
}
