import type { MobDefinition } from '@mobkit/core/mob';

/** Whom a new member may be wired to. */
export interface WiringCandidates {
  /** Roles that somebody has. */
  roles(): Iterable<string>;
  /** Who has it, but those that are broken. */
  ofRole(role: string): Iterable<string>;
}

/** A wire, `a` before `b`. */
export interface Edge {
  readonly a: string;
  readonly b: string;
}

export interface NewMember {
  readonly identity: string;
  readonly role: string;
  /** To be wired to beside what the definition says. */
  readonly wireTo?: readonly string[];
}

/** The wires that a new member begins with, each once, sorted by the other end. */
export function autoWiring(
  { orchestrator, wiring = {} }: MobDefinition,
  { identity, role, wireTo = [] }: NewMember,
  candidates: WiringCandidates,
): Edge[] {
  const wired = (one: string, other: string) => {
    const lead = orchestrator?.profile;
    if (wiring.auto_wire_orchestrator && (one === lead || other === lead)) return true;
    return (wiring.role_wiring ?? []).some(({ a, b }) => a === one && b === other);
  };
  const peers = new Set(wireTo);
  for (const other of candidates.roles()) {
    if (!wired(role, other) && !wired(other, role)) continue;
    for (const peer of candidates.ofRole(other)) peers.add(peer);
  }
  peers.delete(identity);
  return [...peers].toSorted().map((peer) => edge(identity, peer));
}

/** Wires have no direction; the smaller name comes first. */
export function edge(one: string, other: string): Edge {
  return one < other ? { a: one, b: other } : { a: other, b: one };
}
