import { resolve } from 'node:path';

import { run } from '@mobkit/http';

import { type AppLog, openAppLog } from '../app-log.js';
import type { UpCommand } from '../cli/parse-arguments.js';
import { expectDefinition, findMobFile, type LoadedMob, loadMob } from '../config/load-mob.js';
import { loadApp } from '../load-app.js';
import { logRuntime } from '../log-runtime.js';
import { listenerToken } from '../parts/http-listener.js';
import { runtimeToken } from '../parts/unified-runtime.js';
import { removeServerFile, writeServerFile } from '../server/server-file.js';
import { startApp } from '../start-app.js';
import { stopSignal } from '../stop-signal.js';
import { tellLog } from '../tell-log.js';
import { askOnce } from './ask-once.js';

/** Starts the mob and serves it until a signal; or, with `--once`, asks it one thing. */
export async function up(command: UpCommand): Promise<number> {
  const mob = loadMob(findMobFile(command.mobFile));
  expectDefinition(mob);
  // Standard output carries the answer of `--once`.
  const log = await openAppLog(command.once === undefined ? process.stdout : process.stderr);
  for (const { code, message } of mob.diagnostics) log.warn({ code }, message);
  if (command.once !== undefined) return askOnce(command.once, mob, command.state, log);
  return serveMob(command, mob, log);
}

async function serveMob({ state, host, port }: UpCommand, mob: LoadedMob, log: AppLog): Promise<number> {
  const { assembly } = await loadApp(mob, { state, listen: { host, port }, tell: tellLog(log) });
  const stopping = stopSignal(log);
  await startApp(assembly, mob.file, resolve(state));
  try {
    const listener = assembly.container.resolve(listenerToken);
    const runtime = assembly.container.resolve(runtimeToken);
    logRuntime(runtime, log);
    listener.attach(runtime);
    writeServerFile(state, { url: listener.url, pid: process.pid });
    sayWhatNext(log, listener.url, mob, state);
    const { shutdown } = await run(runtime, listener, stopping);
    removeServerFile(state);
    log.info({ report: shutdown }, 'Shut down');
    return shutdown.errors.length === 0 ? 0 : 1;
  } finally {
    await assembly.stop();
  }
}

function sayWhatNext(log: AppLog, url: string, { file }: LoadedMob, state: string): void {
  log.info({ url, mob: file, state: resolve(state) }, `mobkit runs at ${url}`);
  log.info(`It runs the mob of ${file}`);
  log.info(`Events, ledger and sessions are kept in ${resolve(state)} (SQLite)`);
  log.info('Try in another terminal: npx mobkit send lead "Checkout answers 500", then npx mobkit events');
  log.info('Ctrl-C stops it; what it did is still there when it starts again');
}
