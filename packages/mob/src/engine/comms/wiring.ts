import { MobError } from '@mobkit/core';

import { type Edge, edge } from '../../members/auto-wiring.js';
import type { Withdrawn } from '../../members/inbox.js';
import type { Member } from '../../members/member.js';
import type { Crew } from '../roster/crew.js';

/** Who may talk to whom within a mob. */
export class Wiring {
  readonly #crew: Crew;
  /** Wires that are being taken away. */
  readonly #closing = new Set<string>();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  /** Whether one may write to the other now. */
  joins(one: Member, other: Member): boolean {
    const [a, b] = [one.entry.identity, other.entry.identity];
    return one.entry.wiredTo.has(b) && !this.#closing.has(nameOf(edge(a, b)));
  }

  wire(a: string, b: string): Promise<void> {
    return this.#crew.command('wire', async () => {
      const [missing] = this.#missing([{ a, b }]);
      if (!missing) return;
      await this.#crew.context.ledger.append({ items: [{ kind: { type: 'members_wired', ...missing } }] });
    });
  }

  wireMany(edges: readonly Edge[]): Promise<void> {
    return this.#crew.command('wireMany', async () => {
      const missing = this.#missing(edges);
      if (missing.length === 0) return;
      const kind = { type: 'members_wired_batch', edges: missing } as const;
      await this.#crew.context.ledger.append({ items: [{ kind }] });
    });
  }

  unwire(a: string, b: string): Promise<void> {
    return this.#crew.command('unwire', async () => {
      expectTwo(a, b);
      const [one, other] = [this.#crew.expectMember(a), this.#crew.expectMember(b)];
      if (!one.entry.wiredTo.has(b)) return;
      await this.#unwire(one, other);
    });
  }

  async #unwire(one: Member, other: Member): Promise<void> {
    const wire = edge(one.entry.identity, other.entry.identity);
    // From here on nothing more is sent over it, so what is found waiting below is everything.
    this.#closing.add(nameOf(wire));
    await Promise.all([one.inbox.settled(), other.inbox.settled()]);
    const messages = [messagesFrom(one, other), messagesFrom(other, one)];
    await this.#crew.context.ledger.append({
      items: [{ kind: { type: 'members_unwired', ...wire } }],
      beside: { deletes: messages.flatMap(({ deletes }) => deletes) },
      applied: () => {
        this.#closing.delete(nameOf(wire));
        for (const { removed } of messages) removed();
      },
      refused: () => {
        this.#closing.delete(nameOf(wire));
        for (const { putBack } of messages) putBack();
        for (const member of [one, other]) member.wake();
      },
    });
  }

  /** Those of the pairs that are not wired, each once. @throws MobError when one of them cannot be. */
  #missing(edges: readonly Edge[]): readonly Edge[] {
    const found = new Map<string, Edge>();
    for (const { a, b } of edges) {
      const [one, other] = [this.#crew.expectMember(a), this.#crew.expectMember(b)];
      one.expectWhole();
      other.expectWhole();
      expectTwo(a, b);
      if (one.entry.wiredTo.has(b)) continue;
      const wire = edge(a, b);
      found.set(nameOf(wire), wire);
    }
    return [...found.values()];
  }
}

function messagesFrom(sender: Member, { inbox }: Member): Withdrawn {
  const { identity } = sender.entry;
  return inbox.withdraw(({ kind, from }) => kind === 'peer' && from === identity);
}

function expectTwo(a: string, b: string): void {
  if (a !== b) return;
  const message = `"${a}" cannot be wired to itself: name two members`;
  throw new MobError('MOB_WIRING_INVALID', message, { details: { a, b } });
}

/** No identity has white space. */
function nameOf({ a, b }: Edge): string {
  return `${a} ${b}`;
}
