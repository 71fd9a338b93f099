import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';

import { MobError } from '@mobkit/core';
import type { MobDefinition } from '@mobkit/core/mob';
import type { UnifiedRuntime } from '@mobkit/runtime';

import type { AppLog } from '../app-log.js';
import { terminalText } from '../cli/terminal-text.js';
import type { LoadedMob } from '../config/load-mob.js';
import { loadApp } from '../load-app.js';
import { logDurability } from '../durability/log-durability.js';
import { logRuntime } from '../log-runtime.js';
import { runtimeToken } from '../parts/unified-runtime.js';
import { prepareStateDirectory } from '../state-directory.js';
import { startApp } from '../start-app.js';
import { stopSignal } from '../stop-signal.js';
import type { StoreAddress } from '../store/store-address.js';
import { tellLog } from '../tell-log.js';

export interface AskOnce {
  readonly mob: LoadedMob;
  /** The profile of the orchestrator. */
  readonly role: string;
  readonly state: string;
  readonly store: StoreAddress | undefined;
  readonly requireDurable: boolean;
  readonly log: AppLog;
}

/**
 * Sends a message to the orchestrator, waits until no member works and no message waits, and prints the orchestrator's
 * last answer to it. 1 when a run failed, or when it was interrupted.
 */
export async function askOnce(
  message: string,
  { mob, role, state, store: given, requireDurable, log }: AskOnce,
): Promise<number> {
  const parts = { state, store: given, requireDurable, tell: tellLog(log) };
  const { assembly, store } = await loadApp(mob, parts);
  const stopping = stopSignal(log);
  const warning = prepareStateDirectory(resolve(state));
  if (warning !== undefined) log.warn(warning);
  await startApp(assembly, { mobFile: mob.file, state: resolve(state), store });
  try {
    const runtime = assembly.container.resolve(runtimeToken);
    logRuntime(runtime, log);
    logDurability(assembly, log);
    const { answer, failed } = await ask(runtime, role, message, stopping);
    if (answer !== undefined) console.log(terminalText(answer));
    return failed || stopping.aborted || answer === undefined ? 1 : 0;
  } finally {
    await assembly.stop();
  }
}

/** The profile of the orchestrator. @throws MobError `MOB_CONFIG_INVALID` when the definition names none. */
export function expectOrchestrator({ orchestrator }: MobDefinition): string {
  if (orchestrator) return orchestrator.profile;
  throw new MobError(
    'MOB_CONFIG_INVALID',
    '--once needs an orchestrator: set `orchestrator` under [mob] to a profile',
  );
}

async function ask(runtime: UnifiedRuntime, role: string, message: string, signal: AbortSignal) {
  const interactionId = `mobkit-once-${randomUUID()}`;
  const orchestrator = memberOf(runtime, role);
  let answer: string | undefined;
  let failed = false;
  const unsubscribe = runtime.mob.onAgentEvent((event) => {
    if (event.payload.type === 'run_failed') failed = true;
    if (event.payload.type !== 'run_completed' || event.source.identity !== orchestrator) return;
    if (event.interactionId === interactionId) answer = event.payload.result;
  });
  await runtime.sendMessage(orchestrator, message, { interactionId });
  await runtime.whenIdle(signal);
  unsubscribe();
  return { answer, failed };
}

function memberOf({ mob }: UnifiedRuntime, role: string): string {
  const member = mob.members().find((one) => one.role === role && one.status === 'active');
  if (member) return member.identity;
  throw new MobError(
    'MOB_MEMBER_NOT_FOUND',
    `--once found no member of the orchestrator's profile "${role}"`,
  );
}
