import { openAppLog } from '../app-log.js';
import type { UpCommand } from '../cli/command.js';
import { expectDefinition, findMobFile, loadMob } from '../config/load-mob.js';
import { askOnce, expectOrchestrator } from './ask-once.js';
import { serveMob, tellDiagnostics } from './serve-mob.js';

/** Starts the mob and serves it until a signal; or, with `--once`, asks it one thing. */
export async function up({ once, wait, ...command }: UpCommand): Promise<number> {
  if (once === undefined) return serveMob({ ...command, whenHeld: wait ? 'wait' : 'refuse' });
  const mob = loadMob(findMobFile(command.mobFile));
  const definition = expectDefinition(mob);
  // Standard output carries the answer.
  const log = await openAppLog(process.stderr);
  tellDiagnostics(mob, log);
  const { state, store, requireDurable } = command;
  return askOnce(once, { mob, role: expectOrchestrator(definition), state, store, requireDurable, log });
}
