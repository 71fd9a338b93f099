import type { MobDefinition } from '@mobkit/core/mob';

/** A member that may be wired to a new one. */
export interface WiringCandidate {
  readonly identity: string;
  readonly role: string;
  readonly broken: boolean;
}

/** A wire, `a` before `b`. */
export interface Edge {
  readonly a: string;
  readonly b: string;
}

/** The wires that the definition gives a new member, each once, sorted by the other end. Broken members get none. */
export function autoWiring(
  { orchestrator, wiring = {} }: MobDefinition,
  member: { readonly identity: string; readonly role: string },
  candidates: Iterable<WiringCandidate>,
): Edge[] {
  const wired = ([one, other]: readonly [string, string]) => {
    const lead = orchestrator?.profile;
    if (wiring.auto_wire_orchestrator && (one === lead || other === lead)) return true;
    return (wiring.role_wiring ?? []).some(({ a, b }) => a === one && b === other);
  };
  return [...candidates]
    .filter(({ identity, broken }) => !broken && identity !== member.identity)
    .filter(({ role }) => wired([member.role, role]) || wired([role, member.role]))
    .toSorted((one, other) => (one.identity < other.identity ? -1 : 1))
    .map(({ identity }) => edge(member.identity, identity));
}

/** Wires have no direction; the smaller name comes first. */
export function edge(one: string, other: string): Edge {
  return one < other ? { a: one, b: other } : { a: other, b: one };
}
