import { MobError } from '@mobkit/core';
import type {
  ExternalPeer,
  KickoffPhase,
  MemberSpawned,
  MobDefinition,
  MobState,
  RuntimeMode,
} from '@mobkit/core/mob';

import type { LedgerItem } from './ledger-definition.js';
import { PeerNews } from './peer-news.js';

/** A member as the ledger knows it. */
export interface RosterMember {
  readonly identity: string;
  readonly generation: number;
  readonly fenceToken: number;
  readonly role: string;
  readonly runtimeMode: RuntimeMode;
  readonly labels: Readonly<Record<string, string>>;
  readonly sessionId: string;
  readonly wiredTo: Set<string>;
  /** Whom it knows outside of the mob, sorted by name. */
  externalPeers: readonly ExternalPeer[];
  kickoff?: KickoffPhase;
}

/**
 * The shape of a mob: what its ledger adds up to. The same `apply` takes entries that are read and entries that were
 * just kept, so a running mob cannot differ from one that is resumed. Knows no storage.
 */
export class Roster {
  readonly members = new Map<string, RosterMember>();
  readonly peerNews = new PeerNews();
  #seq: number;
  #definition: MobDefinition | undefined;
  #state: MobState = 'Creating';
  #finalizing = false;
  #lastFence: number;
  readonly #lastGenerations = new Map<string, number>();
  readonly #byRole = new Map<string, Set<string>>();
  /** How often each name and id of somebody outside is known to a member. */
  readonly #outside = new Map<string, number>();

  /** @param lastSeq - Of the entry before the first: no fence of an earlier mob of this id was greater. */
  constructor(lastSeq = 0) {
    this.#seq = lastSeq;
    this.#lastFence = lastSeq;
  }

  get definition(): MobDefinition | undefined {
    return this.#definition;
  }

  get state(): MobState {
    return this.#state;
  }

  /** Whether nothing but the removal of what is kept is left of its end. */
  get finalizing(): boolean {
    return this.#finalizing;
  }

  /** What the next incarnation of any member gets. */
  get nextFence(): number {
    return this.#lastFence + 1;
  }

  /** One after the last that the identity ever had, also when that was retired; 0 for a new one. */
  nextGeneration(identity: string): number {
    return (this.#lastGenerations.get(identity) ?? -1) + 1;
  }

  /** Whether some member knows somebody outside by that name or id. */
  isOutside(name: string): boolean {
    return this.#outside.has(name);
  }

  /** Roles that somebody has, or had. */
  roles(): Iterable<string> {
    return this.#byRole.keys();
  }

  /** The identities that have a role. */
  ofRole(role: string): Iterable<string> {
    return this.#byRole.get(role) ?? [];
  }

  /** @throws MobError `MOB_LEDGER_INVALID` for an entry that contradicts those before it. Kinds it does not know pass. */
  apply({ kind, sessionId = '' }: LedgerItem): void {
    this.#seq += 1;
    if (this.#state === 'Creating' && kind.type !== 'mob_created')
      throw invalid('does not begin with mob_created');
    switch (kind.type) {
      case 'mob_created':
        this.#definition = kind.definition;
        this.#state = 'Running';
        return;
      case 'mob_completed':
        if (this.#state !== 'Destroyed') this.#state = 'Completed';
        return;
      case 'mob_destroying':
        this.#state = 'Destroyed';
        return;
      case 'mob_destroy_storage_finalizing':
        this.#finalizing = true;
        return;
      case 'mob_reset':
        this.members.clear();
        this.peerNews.clear();
        this.#outside.clear();
        this.#byRole.clear();
        this.#state = 'Running';
        return;
      case 'member_spawned':
        return this.#spawn(kind, sessionId);
      case 'member_retired':
        return this.#remove(this.#expect(kind.agent_identity));
      case 'member_reset': {
        const before = this.#expect(kind.agent_identity);
        const { new_generation: generation, fence_token: fenceToken } = kind;
        this.peerNews.forget(before.identity);
        return this.#add({ ...before, generation, fenceToken, sessionId });
      }
      case 'member_kickoff_updated':
        this.#expect(kind.member).kickoff = kind.kickoff.phase;
        return;
      case 'members_wired':
        return this.#wire(kind.a, kind.b);
      case 'members_wired_batch':
        return kind.edges.forEach(({ a, b }) => this.#wire(a, b));
      case 'members_unwired':
        return this.#unwire(kind.a, kind.b);
      case 'external_peer_wired': {
        const { peer_id: peerId, name, address, pubkey } = kind.spec;
        return this.#wireExternal(kind.local, name, { peerId, name, address, pubkey });
      }
      case 'external_peer_unwired':
        return this.#wireExternal(kind.local, kind.peer_name);
      default:
    }
  }

  #spawn(kind: MemberSpawned, sessionId: string): void {
    if (this.members.has(kind.agent_identity)) throw invalid(`spawns "${kind.agent_identity}" twice`);
    this.#add({
      identity: kind.agent_identity,
      generation: kind.generation,
      fenceToken: kind.fence_token,
      role: kind.role,
      // Rows of the first versions do not have it.
      runtimeMode: kind.runtime_mode ?? 'autonomous_host',
      labels: kind.labels ?? {},
      sessionId,
      wiredTo: new Set(),
      externalPeers: [],
    });
  }

  #add(member: RosterMember): void {
    this.members.set(member.identity, member);
    this.#lastFence = Math.max(this.#lastFence, member.fenceToken);
    this.#lastGenerations.set(member.identity, member.generation);
    const ofRole = this.#byRole.get(member.role);
    if (ofRole) ofRole.add(member.identity);
    else this.#byRole.set(member.role, new Set([member.identity]));
  }

  #remove({ identity, role, wiredTo, externalPeers }: RosterMember): void {
    this.members.delete(identity);
    for (const peer of externalPeers) this.#countOutside(peer, -1);
    this.peerNews.forget(identity);
    this.#byRole.get(role)?.delete(identity);
    for (const peer of wiredTo) {
      this.members.get(peer)?.wiredTo.delete(identity);
      this.peerNews.note(peer, identity, false, this.#seq);
    }
  }

  #wire(a: string, b: string): void {
    this.#expect(a).wiredTo.add(b);
    this.#expect(b).wiredTo.add(a);
    this.peerNews.note(a, b, true, this.#seq);
    this.peerNews.note(b, a, true, this.#seq);
  }

  #unwire(a: string, b: string): void {
    this.#expect(a).wiredTo.delete(b);
    this.#expect(b).wiredTo.delete(a);
    this.peerNews.note(a, b, false, this.#seq);
    this.peerNews.note(b, a, false, this.#seq);
  }

  #wireExternal(local: string, name: string, peer?: ExternalPeer): void {
    const member = this.#expect(local);
    this.peerNews.note(local, name, peer !== undefined, this.#seq);
    const before = member.externalPeers.find((one) => one.name === name);
    const others = member.externalPeers.filter((one) => one.name !== name);
    member.externalPeers = [...others, ...(peer ? [peer] : [])].toSorted((one, other) =>
      one.name < other.name ? -1 : 1,
    );
    if (before) this.#countOutside(before, -1);
    if (peer) this.#countOutside(peer, 1);
  }

  #countOutside({ name, peerId }: ExternalPeer, change: 1 | -1): void {
    for (const one of new Set([name, peerId])) {
      const count = (this.#outside.get(one) ?? 0) + change;
      if (count === 0) this.#outside.delete(one);
      else this.#outside.set(one, count);
    }
  }

  #expect(identity: string): RosterMember {
    const member = this.members.get(identity);
    if (!member) throw invalid(`speaks of "${identity}", which is not a member there`);
    return member;
  }
}

function invalid(what: string): MobError {
  return new MobError('MOB_LEDGER_INVALID', `The ledger ${what}`);
}
