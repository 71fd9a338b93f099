import type { Command } from '../cli/command.js';
import { terminalLine } from '../cli/terminal-text.js';
import { expectServer } from '../server/server-client.js';

/** Adds a member to the running mob, takes one out, or begins one anew. */
export async function roster(
  command: Extract<Command, { name: 'spawn' | 'retire' | 'respawn' }>,
): Promise<number> {
  const { name, state, identity } = command;
  const server = await expectServer(state);
  if (command.name === 'spawn') {
    const { profile, labels } = command;
    await server.call('mobkit/spawn_member', { agent_identity: identity, role: profile, labels });
  } else {
    await server.call(`mobkit/${name}_member`, { member_id: identity });
  }
  const now = { spawn: 'is a member', retire: 'is not a member any more', respawn: 'begins anew' } as const;
  console.log(terminalLine(`${identity} ${now[name]}`));
  return 0;
}
