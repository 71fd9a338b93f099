import { resolve } from 'node:path';

import { isMobError, type MobError } from '@mobkit/core';
import type { WhenHeld } from '@mobkit/core/mob';
import { run } from '@mobkit/http';
import { formatDiagnostic } from '@mobkit/mob';
import type { UnifiedRuntime } from '@mobkit/runtime';

import { type AppLog, openAppLog } from '../app-log.js';
import type { KeptState } from '../cli/command.js';
import { DEFAULT_STATE } from '../cli/kept-state.js';
import { terminalLine, terminalText } from '../cli/terminal-text.js';
import { expectDefinition, findMobFile, type LoadedMob, loadMob } from '../config/load-mob.js';
import { describeShutdown } from '../describe-shutdown.js';
import { loadApp } from '../load-app.js';
import { logDurability } from '../durability/log-durability.js';
import { logRuntime } from '../log-runtime.js';
import { listenerToken } from '../parts/http-listener.js';
import { runtimeToken } from '../parts/unified-runtime.js';
import { removeServerFile, writeServerFile } from '../server/server-file.js';
import { prepareStateDirectory } from '../state-directory.js';
import { startApp } from '../start-app.js';
import { stopSignal } from '../stop-signal.js';
import { tellLog } from '../tell-log.js';

export interface ServeMob extends KeptState {
  readonly mobFile?: string;
  readonly host: string;
  readonly port: number;
  /** What to do about a mob that another process runs. `wait`: also when it is lost later. */
  readonly whenHeld: WhenHeld;
  /** Do not start when something that is kept would not outlive the process. @defaultValue false */
  readonly requireDurable?: boolean;
}

/** Starts the mob and serves it until a signal, or until another process has it. */
export async function serveMob(given: ServeMob): Promise<number> {
  const mob = loadMob(findMobFile(given.mobFile));
  expectDefinition(mob);
  const log = await openAppLog(process.stdout);
  tellDiagnostics(mob, log);
  const stopping = stopSignal(log);
  for (let { port } = given; ;) {
    const served = await serveOnce({ ...given, port }, mob, log, stopping);
    const { code, lost } = served;
    if (!lost) return code;
    if (given.whenHeld !== 'wait' || stopping.aborted) return lost.details['asked'] === true ? code : 1;
    // Where it was reached it is reached again.
    ({ port } = served);
  }
}

export function tellDiagnostics(mob: LoadedMob, log: AppLog): void {
  for (const diagnostic of mob.diagnostics) {
    log.warn({ code: diagnostic.code }, terminalText(formatDiagnostic(diagnostic, mob.file)));
  }
}

interface Served {
  readonly code: number;
  readonly port: number;
  /** Present when another process has the mob. */
  readonly lost?: MobError;
}

async function serveOnce(
  { state, store: chosen, host, port, whenHeld, requireDurable = false }: ServeMob,
  mob: LoadedMob,
  log: AppLog,
  stopping: AbortSignal,
): Promise<Served> {
  const listen = { host, port };
  const onHeld = ({ details }: MobError) => {
    const why = terminalLine(`Mob "${String(details['mobId'])}" is run by ${String(details['owner'])}`);
    const listener = assembly.container.resolve(listenerToken);
    listener.standBy(why);
    const waits = whenHeld === 'ask' ? 'It is asked to hand it over' : 'Standing by';
    log.info({ standby: listener.url, owner: details['owner'] }, `${why}. ${waits}`);
  };
  const starting = { signal: stopping, whenHeld, onHeld };
  const parts = { state, store: chosen, listen, tell: tellLog(log), requireDurable, starting };
  const { assembly, store, eventStore } = await loadApp(mob, parts);
  const warning = prepareStateDirectory(resolve(state));
  if (warning !== undefined) log.warn(warning);
  const app = { mobFile: mob.file, state: resolve(state), store };
  if (!(await startApp(assembly, app, stopping))) {
    log.info('Stopped before it had started');
    // Nothing of ours runs; a hook that was left behind may, and holds the process.
    process.exit(0);
  }
  try {
    const listener = assembly.container.resolve(listenerToken);
    const runtime = assembly.container.resolve(runtimeToken);
    logRuntime(runtime, log);
    listener.attach(runtime);
    writeServerFile(state, { url: listener.url, pid: process.pid });
    logDurability(assembly, log);
    sayWhatNext(log, runtime, { url: listener.url, file: mob.file, state, store, eventStore });
    const { shutdown } = await run(runtime, listener, stopping);
    removeServerFile(state);
    const { reason } = runtime.lost as { readonly reason: unknown };
    const lost = isMobError(reason, 'MOB_LEASE_LOST') ? reason : undefined;
    if (lost) log.error({ owner: lost.details['owner'] }, terminalLine(lost.message));
    const stages = runtime.moduleLifecycleEvents().map(({ stage }) => stage);
    log.info({ report: shutdown, stages }, describeShutdown(shutdown));
    const code = shutdown.errors.length === 0 ? 0 : 1;
    return { code, port: listener.port, ...(lost && { lost }) };
  } finally {
    await assembly.stop();
  }
}

interface Started {
  readonly url: string;
  readonly file: string;
  readonly state: string;
  readonly store: string;
  readonly eventStore: string;
}

function sayWhatNext(
  log: AppLog,
  runtime: UnifiedRuntime,
  { url, file, state, store, eventStore }: Started,
): void {
  log.info({ url, mob: file, state: resolve(state) }, `mobkit runs ${runtime.mob.mobId} at ${url}`);
  log.info(`Described in ${file}`);
  const kept =
    eventStore === store
      ? `Events, ledger and sessions are kept by ${store}`
      : `Ledger and sessions are kept by ${store}, events by ${eventStore}`;
  log.info(`${kept}; its state directory is ${resolve(state)}`);
  const { profiles } = runtime.mob.definition;
  const member = runtime.mob.members().find(({ role }) => profiles[role]?.external_addressable === true);
  const at = state === DEFAULT_STATE ? '' : ` --state ${state}`;
  const send = member && `npx mobkit send ${member.identity} "Checkout answers 500"${at}, then `;
  log.info(`Try in another terminal: ${send ?? ''}npx mobkit events${at}`);
  log.info('Ctrl-C stops it; what it did is still there when it starts again');
}
