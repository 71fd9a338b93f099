import { MobError } from '@mobkit/core';
import type {
  BroadcastOutcome,
  Content,
  ExternalPeer,
  Incarnation,
  MobComms,
  PeerMessage,
  PeerReceipt,
  PeerSendOptions,
  Work,
  WorkReceipt,
} from '@mobkit/core/mob';

import type { Edge } from '../../members/auto-wiring.js';
import type { Crew } from '../roster/crew.js';
import { ExternalPeers } from './external-peers.js';
import { PeerMessages } from './peer-messages.js';
import { Wiring } from './wiring.js';
import { WorkDoor } from './work.js';

/** How members of a mob talk, and how work reaches them. */
export class Comms implements MobComms {
  /** For what members say themselves, whatever the state of the mob: a turn that is let end may still speak. */
  readonly peers: PeerMessages;
  readonly door: WorkDoor;
  readonly #crew: Crew;
  readonly #wiring: Wiring;
  readonly #external: ExternalPeers;

  /** @param spawnMissing - Spawns a member that a message from outside is for, if the spawn policy says so. */
  constructor(crew: Crew, spawnMissing: (identity: string) => Promise<void>) {
    this.#crew = crew;
    this.door = new WorkDoor(crew, spawnMissing);
    this.#wiring = new Wiring(crew);
    this.#external = new ExternalPeers(crew);
    this.peers = new PeerMessages(crew, this.#wiring);
  }

  wire(a: string, b: string): Promise<void> {
    return this.#wiring.wire(a, b);
  }

  wireMany(edges: readonly Edge[]): Promise<void> {
    return this.#wiring.wireMany(edges);
  }

  unwire(a: string, b: string): Promise<void> {
    return this.#wiring.unwire(a, b);
  }

  wireExternal(identity: string, peer: ExternalPeer): Promise<void> {
    return this.#external.wire(identity, peer);
  }

  unwireExternal(identity: string, peerName: string): Promise<void> {
    return this.#external.unwire(identity, peerName);
  }

  async sendAsMember(
    from: string,
    to: string,
    content: Content,
    options?: PeerSendOptions,
  ): Promise<PeerReceipt> {
    this.#crew.states.expect('sendAsMember');
    return this.peers.send(from, to, { kind: 'message', content }, options);
  }

  async deliverFromPeer(
    to: string,
    fromAddress: string,
    message: PeerMessage,
    options?: PeerSendOptions,
  ): Promise<PeerReceipt> {
    this.#crew.states.expect('deliverFromPeer');
    return this.peers.receive(to, fromAddress, message, options);
  }

  async broadcast(
    content: Content,
    { role, internal = false }: { readonly role?: string; readonly internal?: boolean } = {},
  ): Promise<readonly BroadcastOutcome[]> {
    const { states, context, members } = this.#crew;
    states.expect('broadcast');
    if (role !== undefined && !Object.hasOwn(context.definition.profiles, role)) {
      throw new MobError('MOB_PROFILE_NOT_FOUND', `There is no profile "${role}"`, {
        details: { profile: role },
      });
    }
    const options = { internal, interactionId: context.newId() };
    const receivers = [...members.values()].filter(
      (member) =>
        member.status !== 'retiring' &&
        (role === undefined || member.entry.role === role) &&
        (internal || this.door.isAddressable(member)),
    );
    const identities = receivers.map(({ entry }) => entry.identity).toSorted();
    return Promise.all(
      identities.map(async (identity): Promise<BroadcastOutcome> => {
        try {
          const { interactionId } = await this.door.send(identity, content, options);
          return { identity, interactionId };
        } catch (error) {
          // What is wrong with the message itself is wrong for everybody.
          if (!(error instanceof MobError)) throw error;
          return { identity, error };
        }
      }),
    );
  }

  submitWork(target: Incarnation, fenceToken: number, work: Work): Promise<WorkReceipt> {
    return this.door.submit(target, fenceToken, work);
  }

  cancelAllWork(target: Incarnation, fenceToken: number): Promise<void> {
    return this.#crew.command('cancelAllWork', () =>
      this.door.expectIncarnation(target, fenceToken).cancelAllWork(),
    );
  }
}
