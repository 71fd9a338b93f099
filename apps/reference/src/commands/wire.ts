import type { Command } from '../cli/command.js';
import { terminalLine } from '../cli/terminal-text.js';
import { expectServer } from '../server/server-client.js';

/** Lets two members of the running mob talk to each other, or no more. */
export async function wire({
  name,
  state,
  a,
  b,
}: Extract<Command, { name: 'wire' | 'unwire' }>): Promise<number> {
  const server = await expectServer(state);
  await server.call(`mobkit/${name}_members`, { a, b });
  const now = name === 'wire' ? 'are wired' : 'are not wired any more';
  console.log(terminalLine(`${a} and ${b} ${now}`));
  return 0;
}
