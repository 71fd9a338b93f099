import { MobError } from '@mobkit/core';
import type { ExternalPeer, PeerMessage, PeerReceipt, PeerSendOptions } from '@mobkit/core/mob';

import type { Member } from '../../members/member.js';
import { checkHandlingMode, deliverMessage } from '../deliver-message.js';
import type { Crew } from '../roster/crew.js';
import { formatPeerAddress, parsePeerAddress } from './peer-address.js';
import { toPeerParts } from './peer-parts.js';
import type { Wiring } from './wiring.js';

/** Carries what members say to those they are wired to. */
export class PeerMessages {
  readonly #crew: Crew;
  readonly #wiring: Wiring;

  constructor(crew: Crew, wiring: Wiring) {
    this.#crew = crew;
    this.#wiring = wiring;
  }

  /** @throws as `MobComms.sendAsMember`. */
  async send(
    from: string,
    to: string,
    message: PeerMessage,
    options: PeerSendOptions = {},
  ): Promise<PeerReceipt> {
    const sender = this.#crew.expectMember(from);
    const outside = sender.entry.wiredTo.has(to) ? undefined : externalPeer(sender, to);
    if (outside) return this.#sendOut(sender, outside, message, options);
    const find = () => {
      if (!sender.entry.wiredTo.has(to)) throw untrusted(from, to);
      const receiver = this.#crew.expectMember(to);
      if (!this.#wiring.joins(sender, receiver)) throw untrusted(from, to);
      return receiver;
    };
    return this.#keep(find, from, message, options);
  }

  /** @throws as `MobComms.deliverFromPeer`. */
  receive(
    to: string,
    fromAddress: string,
    message: PeerMessage,
    options: PeerSendOptions = {},
  ): Promise<PeerReceipt> {
    const find = () => {
      const receiver = this.#crew.expectMember(to);
      expectPeer(receiver, fromAddress);
      return receiver;
    };
    // Whoever is refused is told so before what they say is looked at.
    const { name } = expectPeer(this.#crew.expectMember(to), fromAddress);
    return this.#keep(find, name, message, options);
  }

  async #sendOut(
    { entry: { identity, role } }: Member,
    peer: ExternalPeer,
    message: PeerMessage,
    options: PeerSendOptions,
  ): Promise<PeerReceipt> {
    const { mobId, resolvePeer, newId } = this.#crew.context;
    const address = parsePeerAddress(peer.address);
    const receiver = address && resolvePeer(address);
    if (!receiver) {
      const why = `Nobody can be reached at ${peer.address}, the address of "${peer.name}"`;
      throw new MobError('MOB_PEER_UNREACHABLE', why, {
        details: { from: identity, to: peer.peerId, address: peer.address },
      });
    }
    const { interactionId = newId() } = options;
    const own = formatPeerAddress({ mobId, role, identity });
    const receipt = await receiver.deliverFromPeer(address.identity, own, message, {
      ...options,
      interactionId,
    });
    return { ...receipt, to: peer.peerId };
  }

  async #keep(
    find: () => Member,
    from: string,
    message: PeerMessage,
    { handlingMode, interactionId = this.#crew.context.newId() }: PeerSendOptions,
  ): Promise<PeerReceipt> {
    checkHandlingMode('handling_mode', handlingMode);
    const { id, identity } = await deliverMessage(this.#crew.context, find, {
      kind: 'peer',
      from,
      interactionId,
      ...toPeerParts(message),
      ...(handlingMode && { handlingMode }),
    });
    return { envelopeId: id, to: identity, interactionId };
  }
}

function externalPeer({ entry }: Member, to: string): ExternalPeer | undefined {
  return entry.externalPeers.find(({ peerId, name }) => peerId === to || name === to);
}

function expectPeer({ entry }: Member, address: string): ExternalPeer {
  const peer = entry.externalPeers.find((one) => one.address === address);
  if (!peer) throw untrusted(address, entry.identity);
  return peer;
}

function untrusted(from: string, to: string): MobError {
  const message = `"${to}" is not a peer of "${from}": \`peers\` lists those that are`;
  return new MobError('MOB_PEER_UNTRUSTED', message, { details: { from, to } });
}
