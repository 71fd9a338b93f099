import { MobError } from '@mobkit/core';

import type { MembersCommand } from '../cli/command.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import type { keptMemberDetails } from '../server/kept-members.js';
import { findServer } from '../server/server-client.js';

type WireDetails = Awaited<ReturnType<typeof keptMemberDetails>>[number];

/**
 * Prints what is known of a member: of the running mob, else as it was kept.
 *
 * @throws MobError `MOB_MEMBER_NOT_FOUND`, from the server too.
 */
export async function memberDetails(identity: string, command: MembersCommand): Promise<number> {
  const server = await findServer(command.state);
  const found = server
    ? [await server.call<WireDetails>('mobkit/member_status', { member_id: identity })]
    : await (await import('../server/kept-members.js')).keptMemberDetails(command, identity);
  if (found.length === 0) {
    const message = `No member is named "${identity}": mobkit members names them`;
    throw new MobError('MOB_MEMBER_NOT_FOUND', message, { details: { identity } });
  }
  if (!server) console.error('No server runs; this is the member as it was kept.');
  console.log(
    found.map((details) => (command.json ? jsonLine(details) : linesOf(details).join('\n'))).join('\n\n'),
  );
  return 0;
}

function linesOf(details: WireDetails): readonly string[] {
  const { agent_identity: identity, generation, state, running, waiting, kickoff, labels } = details;
  const peers = [
    ...details.wired_to,
    ...(details.external_peers ?? []).map(({ name }) => `${name} (outside)`),
  ];
  const shown: readonly (readonly [string, string | number | undefined])[] = [
    ['member', `${identity}:${generation}`],
    ['state', `${state}, ${running ? 'at work' : 'at rest'}, ${waiting} waiting`],
    ['profile', details.role],
    ['model', details.model],
    ['mode', details.runtime_mode],
    ['first turn', kickoff],
    ['wired to', peers.join(', ') || 'nobody'],
    ['session', details.current_session_id],
    ['tokens', details.tokens_used],
    [
      'labels',
      Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(', ') || undefined,
    ],
    ['said last', details.output_preview],
    ['broken', details.error],
    ['last error', details.last_error],
  ];
  return shown.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(12)} ${terminalLine(String(value), 400)}`],
  );
}
