import type { Command, LifecycleCommand } from '../cli/command.js';
import { terminalLine } from '../cli/terminal-text.js';
import { expectServer } from '../server/server-client.js';

interface Moved {
  readonly mob_id: string;
  readonly mob_state: string;
}

/** Moves the running mob from one state to another. Its server goes on, and answers what can still be asked. */
export async function lifecycle({
  name,
  state,
}: Extract<Command, { name: LifecycleCommand }>): Promise<number> {
  const server = await expectServer(state);
  const moved = await server.call<Moved>(`mobkit/${name}`, {});
  console.log(terminalLine(`${moved.mob_id} is ${moved.mob_state}`));
  return 0;
}
