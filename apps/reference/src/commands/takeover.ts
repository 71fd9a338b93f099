import { agreed } from '../cli/agreed.js';
import type { TakeoverCommand } from '../cli/command.js';
import { serveMob } from './serve-mob.js';

/** Has the mob handed over from whichever process runs it, or takes it, and serves it from then on. */
export async function takeover(command: TakeoverCommand): Promise<number> {
  const { force, yes, ...serve } = command;
  const whenHeld = force ? 'force' : 'ask';
  if (!yes && !(await agreed('takeover', WHAT[whenHeld], 'Take it over?'))) return 1;
  return serveMob({ ...serve, whenHeld });
}

const WHAT = {
  ask: 'Whichever process runs the mob is asked to end its work on it.',
  force: 'Whichever process runs the mob loses it at once, with what its agents are doing.',
} as const;
