import { resolve } from 'node:path';

import { run } from '@mobkit/http';
import { formatDiagnostic } from '@mobkit/mob';
import type { UnifiedRuntime } from '@mobkit/runtime';

import { type AppLog, openAppLog } from '../app-log.js';
import { DEFAULT_STATE, type UpCommand } from '../cli/parse-arguments.js';
import { terminalText } from '../cli/terminal-text.js';
import { expectDefinition, findMobFile, type LoadedMob, loadMob } from '../config/load-mob.js';
import { describeShutdown } from '../describe-shutdown.js';
import { loadApp } from '../load-app.js';
import { logRuntime } from '../log-runtime.js';
import { listenerToken } from '../parts/http-listener.js';
import { runtimeToken } from '../parts/unified-runtime.js';
import { removeServerFile, writeServerFile } from '../server/server-file.js';
import { prepareStateDirectory } from '../state-directory.js';
import { startApp } from '../start-app.js';
import { stopSignal } from '../stop-signal.js';
import { tellLog } from '../tell-log.js';
import { askOnce, expectOrchestrator } from './ask-once.js';

/** Starts the mob and serves it until a signal; or, with `--once`, asks it one thing. */
export async function up(command: UpCommand): Promise<number> {
  const mob = loadMob(findMobFile(command.mobFile));
  const definition = expectDefinition(mob);
  // Standard output carries the answer of `--once`.
  const log = await openAppLog(command.once === undefined ? process.stdout : process.stderr);
  for (const diagnostic of mob.diagnostics) {
    log.warn({ code: diagnostic.code }, terminalText(formatDiagnostic(diagnostic, mob.file)));
  }
  if (command.once !== undefined) {
    const { state, store } = command;
    return askOnce(command.once, { mob, role: expectOrchestrator(definition), state, store, log });
  }
  return serveMob(command, mob, log);
}

async function serveMob(command: UpCommand, mob: LoadedMob, log: AppLog): Promise<number> {
  const { state, host, port } = command;
  const listen = { host, port };
  const stopping = stopSignal(log);
  const parts = { state, store: command.store, listen, tell: tellLog(log), signal: stopping };
  const { assembly, store } = await loadApp(mob, parts);
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
    sayWhatNext(log, runtime, { url: listener.url, file: mob.file, state, store });
    const { shutdown } = await run(runtime, listener, stopping);
    removeServerFile(state);
    log.info({ report: shutdown }, describeShutdown(shutdown));
    return shutdown.errors.length === 0 ? 0 : 1;
  } finally {
    await assembly.stop();
  }
}

interface Started {
  readonly url: string;
  readonly file: string;
  readonly state: string;
  readonly store: string;
}

function sayWhatNext(log: AppLog, runtime: UnifiedRuntime, { url, file, state, store }: Started): void {
  log.info({ url, mob: file, state: resolve(state) }, `mobkit runs ${runtime.mob.mobId} at ${url}`);
  log.info(`Described in ${file}`);
  log.info(`Events, ledger and sessions are kept by ${store}; its state directory is ${resolve(state)}`);
  const { profiles } = runtime.mob.definition;
  const member = runtime.mob.members().find(({ role }) => profiles[role]?.external_addressable === true);
  const at = state === DEFAULT_STATE ? '' : ` --state ${state}`;
  const send = member && `npx mobkit send ${member.identity} "Checkout answers 500"${at}, then `;
  log.info(`Try in another terminal: ${send ?? ''}npx mobkit events${at}`);
  log.info('Ctrl-C stops it; what it did is still there when it starts again');
}
