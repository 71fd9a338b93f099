import { setTimeout } from 'node:timers/promises';

import type { KillableChild } from './killable-child.js';

/** How often a chapter kills a writer; `MOBKIT_KILLS` asks for more. */
export const KILLS = Number(process.env['MOBKIT_KILLS'] ?? 2);

/** Room for every kill to start a process on a busy machine. */
export const KILL_TIMEOUT_MS = 30_000 + KILLS * 20_000;

const MOST_STEPS = 12;
/** About as long as a step takes, so that the moment falls anywhere in it. */
const MOST_DELAY_MS = 4;

/** Kills a child some steps after `from`, at any moment of the next one. Answers with the last step acknowledged. */
export async function killAtRandom(child: KillableChild, from: number): Promise<number> {
  await child.reached(from + Math.floor(Math.random() * MOST_STEPS));
  await setTimeout(Math.random() * MOST_DELAY_MS);
  return child.kill();
}
