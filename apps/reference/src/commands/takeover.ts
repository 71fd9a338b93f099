import { createInterface } from 'node:readline/promises';

import type { TakeoverCommand } from '../cli/parse-arguments.js';
import { usageError } from '../cli/usage.js';
import { serveMob } from './serve-mob.js';

/** Has the mob handed over from whichever process runs it, or takes it, and serves it from then on. */
export async function takeover(command: TakeoverCommand): Promise<number> {
  const { force, yes, ...serve } = command;
  if (!yes && !(await agreed(force))) return 1;
  return serveMob({ ...serve, whenHeld: force ? 'force' : 'ask' });
}

async function agreed(force: boolean): Promise<boolean> {
  const what = force
    ? 'Whichever process runs the mob loses it at once, with what its agents are doing.'
    : 'Whichever process runs the mob is asked to end its work on it.';
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw usageError(`takeover: ${what} Say --yes if you mean it`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${what} Take it over? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
