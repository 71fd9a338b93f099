import { checkText, MobError } from '@mobkit/core';
import type { ExternalPeer } from '@mobkit/core/mob';

import type { LedgerItem } from '../../ledger/ledger-definition.js';
import { checkHeading } from '../deliver-message.js';
import type { Crew } from '../roster/crew.js';

const KEY_BYTES = 32;

/** Whom members know outside of their mob. */
export class ExternalPeers {
  readonly #crew: Crew;

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  async wire(identity: string, peer: ExternalPeer): Promise<void> {
    this.#crew.states.expect('wireExternal');
    checkPeer(peer);
    await this.#crew.command('wireExternal', async () => {
      const member = this.#crew.expectMember(identity);
      member.expectWhole();
      this.#checkNames(peer);
      const { externalPeers } = member.entry;
      if (!changes(peer, externalPeers)) return;
      await this.#crew.context.ledger.append({ items: [externalPeerItem(identity, peer)] });
    });
  }

  unwire(identity: string, peerName: string): Promise<void> {
    return this.#crew.command('unwireExternal', async () => {
      const { entry } = this.#crew.expectMember(identity);
      if (!entry.externalPeers.some(({ name }) => name === peerName)) return;
      const kind = { type: 'external_peer_unwired', local: identity, peer_name: peerName } as const;
      await this.#crew.context.ledger.append({ items: [{ kind }] });
    });
  }

  /** Agents tell peers by their names alone. */
  #checkNames({ name, peerId }: ExternalPeer): void {
    const taken = [name, peerId].find((one) => this.#crew.members.has(one));
    if (taken !== undefined) throw invalid(`"${taken}" is the name of a member of this mob`, name);
  }
}

export function externalPeerItem(local: string, { peerId, name, address, pubkey }: ExternalPeer): LedgerItem {
  const spec = { peer_id: peerId, name, address, pubkey: [...pubkey] };
  return { kind: { type: 'external_peer_wired', local, spec } };
}

/** Whether it is news. @throws MobError `MOB_WIRING_INVALID` when it contradicts what is known. */
function changes(peer: ExternalPeer, known: readonly ExternalPeer[]): boolean {
  const other = known.find(({ peerId, name }) => peerId === peer.peerId && name !== peer.name);
  if (other) throw invalid(`"${peer.peerId}" is wired as "${other.name}" already`, peer.name);
  const same = known.find(({ name }) => name === peer.name);
  if (!same) return true;
  if (same.pubkey.some((byte, at) => byte !== peer.pubkey[at])) {
    throw invalid(`"${peer.name}" is wired with another key: unwire it first`, peer.name);
  }
  return same.peerId !== peer.peerId || same.address !== peer.address;
}

function checkPeer({ peerId, name, address, pubkey }: ExternalPeer): void {
  for (const [field, value] of Object.entries({ peerId, name })) {
    checkHeading(field, value);
    if (value.trim() === '') throw new TypeError(`${field} is blank`);
  }
  checkText('address', address);
  if (address.trim() === '') throw new TypeError('address is blank');
  const given: unknown = pubkey;
  const isKey =
    Array.isArray(given) &&
    given.length === KEY_BYTES &&
    given.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  if (!isKey) throw new TypeError(`pubkey is not a list of ${KEY_BYTES} bytes`);
  if (given.every((byte) => byte === 0)) throw invalid(`the key of "${name}" is all zeros`, name);
}

function invalid(why: string, name: string): MobError {
  return new MobError('MOB_WIRING_INVALID', `The peer cannot be wired: ${why}`, { details: { name } });
}
