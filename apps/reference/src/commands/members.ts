import type { MembersCommand } from '../cli/command.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import { findServer } from '../server/server-client.js';

interface WireMember {
  readonly agent_identity: string;
  readonly role: string;
  readonly state: string;
  readonly wired_to: readonly string[];
}

/** Prints the roster, or one member: of the running mob, else as it was kept. */
export async function members(command: MembersCommand): Promise<number> {
  const { json, identity } = command;
  if (identity !== undefined) return (await import('./member-details.js')).memberDetails(identity, command);
  const server = await findServer(command.state);
  const roster = server
    ? await server.call<readonly WireMember[]>('mobkit/list_members', {})
    : await (await import('../server/kept-members.js')).keptMembers(command);
  if (!server) console.error('No server runs; this is the roster as it was kept.');
  for (const member of roster) console.log(json ? jsonLine(member) : memberLine(member));
  return 0;
}

function memberLine({ agent_identity: identity, role, state, wired_to: peers }: WireMember): string {
  const columns = [
    terminalLine(identity, 30).padEnd(16),
    terminalLine(role, 30).padEnd(16),
    state.padEnd(10),
  ];
  return `${columns.join(' ')} ${terminalLine(peers.join(', '))}`.trimEnd();
}
