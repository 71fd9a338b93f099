import type { Command } from '../cli/command.js';
import { terminalLine } from '../cli/terminal-text.js';
import { expectServer } from '../server/server-client.js';

/** Sends a message to a member of the running mob; returns when it is kept, before it is worked on. */
export async function send({
  state,
  member,
  message,
  steer,
}: Extract<Command, { name: 'send' }>): Promise<number> {
  const server = await expectServer(state);
  const sent = await server.call<{ member_id: string; interaction_id: string }>('mobkit/send_message', {
    member_id: member,
    message,
    ...(steer && { handling_mode: 'steer' }),
  });
  console.log(terminalLine(`Sent to ${sent.member_id} as interaction ${sent.interaction_id}`));
  console.log('Watch what it does: npx mobkit events --follow');
  return 0;
}
