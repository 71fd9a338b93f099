import { createInterface } from 'node:readline/promises';

import { usageError } from './usage.js';

/**
 * Asks the person at the terminal; anything but yes is no.
 *
 * @param what - what will happen, one sentence.
 * @throws MobError `mobkit/usage` when nobody is there to ask.
 */
export async function agreed(command: string, what: string, question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw usageError(`${command}: ${what} Say --yes if you mean it`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${what} ${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
