import type { AgentTool, ExternalPeer } from '@mobkit/core/mob';

import { formatPeerAddress } from '../../engine/comms/peer-address.js';
import type { RosterMember } from '../../ledger/roster.js';
import type { CommsDeps } from './comms-deps.js';
import { standardLabels } from './standard-labels.js';

const KINDS = ['message', 'request', 'response'];

export function peersTool({
  mobId,
  roster,
  profileOf,
}: Pick<CommsDeps, 'mobId' | 'roster' | 'profileOf'>): AgentTool {
  const describe = (peer: RosterMember) => {
    const { identity, role } = peer;
    return {
      peer_id: identity,
      name: `${mobId}/${role}/${identity}`,
      role,
      address: toWireAddress(formatPeerAddress({ mobId, role, identity })),
      source: 'mob',
      sendable_kinds: KINDS,
      meta: {
        description: profileOf(identity)?.peer_description ?? '',
        labels: standardLabels(mobId, peer),
      },
    };
  };
  return {
    name: 'peers',
    description: 'Lists those you may send messages to.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    async run(_args, { identity }) {
      const { wiredTo = [], externalPeers = [] } = roster.members.get(identity) ?? {};
      const peers = [...wiredTo].toSorted().flatMap((peer) => roster.members.get(peer) ?? []);
      return JSON.stringify([...peers.map(describe), ...externalPeers.map(describeExternal)]);
    },
  };
}

function describeExternal({ peerId, name, address }: ExternalPeer) {
  return {
    peer_id: peerId,
    name,
    address: toWireAddress(address),
    source: 'external',
    sendable_kinds: KINDS,
    meta: { description: '', labels: {} },
  };
}

/** The transport is what stands before `://`. */
function toWireAddress(endpoint: string) {
  return { transport: /^([a-z][a-z\d+.-]*):\/\//i.exec(endpoint)?.[1] ?? 'unknown', endpoint };
}
