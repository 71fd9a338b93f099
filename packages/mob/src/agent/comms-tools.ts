import { MobError } from '@mobkit/core';
import type { AgentTool, MobDefinition, SendReceipt, ToolContext } from '@mobkit/core/mob';

import type { Roster, RosterMember } from '../ledger/roster.js';

export interface CommsDeps {
  readonly definition: MobDefinition;
  readonly roster: Roster;
  /** Delivers to a peer. Who may send to whom has been checked. */
  readonly deliver: (from: string, to: string, content: string, context: ToolContext) => Promise<SendReceipt>;
}

/** The tools by which members find and reach those they are wired to. */
export function commsTools(deps: CommsDeps): readonly AgentTool[] {
  return [peersTool(deps), sendMessageTool(deps)];
}

/** The labels that every session and every peer description carries; an application cannot set them. */
export function standardLabels(
  mobId: string,
  { identity, role, labels }: Pick<RosterMember, 'identity' | 'role' | 'labels'>,
) {
  return { ...labels, mob_id: mobId, role, profile_name: role, agent_identity: identity };
}

function peersTool({ definition, roster }: CommsDeps): AgentTool {
  const describe = (peer: RosterMember) => ({
    peer_id: peer.identity,
    name: `${definition.id}/${peer.role}/${peer.identity}`,
    role: peer.role,
    description: definition.profiles[peer.role]?.peer_description ?? '',
    labels: standardLabels(definition.id, peer),
  });
  return {
    name: 'peers',
    description: 'Lists the members you may send messages to.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    async run(_args, { identity }) {
      const peers = [...(roster.members.get(identity)?.wiredTo ?? [])].toSorted();
      return JSON.stringify(peers.flatMap((peer) => roster.members.get(peer) ?? []).map(describe));
    },
  };
}

function sendMessageTool({ roster, deliver }: CommsDeps): AgentTool {
  return {
    name: 'send_message',
    description:
      'Sends a message to a peer. Its answer, if it gives one, reaches you as a message of its own.',
    inputSchema: {
      type: 'object',
      properties: {
        peer_id: { type: 'string', description: 'The `peer_id` of one of your peers' },
        body: { type: 'string', description: 'What to say' },
      },
      required: ['peer_id', 'body'],
      additionalProperties: false,
    },
    async run(args, context) {
      const { peerId, body } = parseMessage(args);
      const { identity } = context;
      if (!roster.members.get(identity)?.wiredTo.has(peerId)) {
        const message = `"${peerId}" is not a peer of "${identity}": \`peers\` lists those that are`;
        throw new MobError('MOB_PEER_UNTRUSTED', message, { details: { from: identity, to: peerId } });
      }
      const { interactionId } = await deliver(identity, peerId, body, context);
      const receipt = { peer_id: peerId, interaction_id: interactionId };
      return JSON.stringify({ status: 'sent', kind: 'message', receipt });
    },
  };
}

function parseMessage(args: unknown): { readonly peerId: string; readonly body: string } {
  const { peer_id: peerId, body } = (args ?? {}) as { readonly peer_id?: unknown; readonly body?: unknown };
  if (typeof peerId !== 'string') throw new TypeError('`peer_id` is missing, or not text');
  if (typeof body !== 'string' || body.trim() === '')
    throw new TypeError('`body` is missing, blank, or not text');
  return { peerId, body };
}
