import type { WiringCandidates } from '../../members/auto-wiring.js';
import type { Crew } from './crew.js';

/** The roster as it will be when what is planned on it is kept: spawns of one commit are planned one on top of the other. */
export class PlannedRoster implements WiringCandidates {
  readonly #crew: Pick<Crew, 'context' | 'members'>;
  readonly #leaving: string | undefined;
  readonly #planned = new Map<string, string>();
  readonly #byRole = new Map<string, string[]>();

  /** @param leaving - Somebody who will be gone. */
  constructor(crew: Pick<Crew, 'context' | 'members'>, leaving?: string) {
    this.#crew = crew;
    this.#leaving = leaving;
  }

  get size(): number {
    return this.#crew.members.size + this.#planned.size - (this.#leaving === undefined ? 0 : 1);
  }

  get nextFence(): number {
    return this.#crew.context.ledger.roster.nextFence + this.#planned.size;
  }

  nextGeneration(identity: string): number {
    return this.#crew.context.ledger.roster.nextGeneration(identity);
  }

  has(identity: string): boolean {
    return this.#planned.has(identity) || (identity !== this.#leaving && this.#crew.members.has(identity));
  }

  /** Whether somebody new of that name would be taken for one outside of the mob. */
  isOutside(identity: string): boolean {
    return identity !== this.#leaving && this.#crew.context.ledger.roster.isOutside(identity);
  }

  isBroken(identity: string): boolean {
    return this.#crew.members.get(identity)?.status === 'broken' && !this.#planned.has(identity);
  }

  add({ identity, role }: { readonly identity: string; readonly role: string }): void {
    this.#planned.set(identity, role);
    const ofRole = this.#byRole.get(role);
    if (ofRole) ofRole.push(identity);
    else this.#byRole.set(role, [identity]);
  }

  roles(): Iterable<string> {
    return new Set([...this.#crew.context.ledger.roster.roles(), ...this.#byRole.keys()]);
  }

  *ofRole(role: string): Iterable<string> {
    for (const identity of this.#crew.context.ledger.roster.ofRole(role)) {
      if (identity !== this.#leaving && !this.isBroken(identity)) yield identity;
    }
    yield* this.#byRole.get(role) ?? [];
  }
}
