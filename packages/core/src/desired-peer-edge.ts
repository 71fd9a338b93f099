import { isPlainObject } from './copy-json.js';
import type { DesiredPeerEdge } from './discovery.js';
import { MobError } from './errors.js';

/**
 * A wire in its one form: both ends without white space around them, the lesser name in `a`.
 *
 * @throws MobError `MOB_WIRING_INVALID` with `details.reason` `empty_endpoint` or `self_edge`, and `details.field`.
 */
export function desiredPeerEdge(a: string, b: string): DesiredPeerEdge {
  return edgeAt('', { a, b });
}

/**
 * Wires in their one form, each once, sorted by `a`, then `b`.
 *
 * @param edges - As somebody answered them, or as they were in JSON: objects of `a` and `b`.
 * @param at - What the list is called in errors. @defaultValue `edges`
 * @throws MobError as `desiredPeerEdge`, and with `details.reason` `not_an_edge` for anything else; `details.field` is e.g.
 * `edges[2].a`.
 */
export function desiredPeerEdges(edges: unknown, at = 'edges'): DesiredPeerEdge[] {
  if (!Array.isArray(edges)) throw invalid(at, 'not_an_edge', 'is not a list of edges');
  const found = new Map<string, DesiredPeerEdge>();
  for (const [index, given] of edges.entries()) {
    const edge = isEdge(given) ? { a: given.a, b: given.b } : edgeAt(`${at}[${index}]`, given);
    found.set(`${edge.a.length} ${edge.a}${edge.b}`, edge);
  }
  return [...found.values()].toSorted((one, other) => compare(one.a, other.a) || compare(one.b, other.b));
}

/** Whether it is in its one form already, as nearly all are: to say where one would be wrong costs more than to look. */
function isEdge(given: unknown): given is DesiredPeerEdge {
  if (!isPlainObject(given)) return false;
  const { a, b } = given;
  return (
    typeof a === 'string' &&
    typeof b === 'string' &&
    Object.keys(given).length === 2 &&
    isEnd(a) &&
    isEnd(b) &&
    a < b
  );
}

function isEnd(name: string): boolean {
  return name !== '' && name.length <= 400 && name.trim() === name;
}

function edgeAt(at: string, given: unknown): DesiredPeerEdge {
  if (!isPlainObject(given)) throw invalid(at, 'not_an_edge', 'is not an object of a and b');
  const name = (key: string) => (at === '' ? key : `${at}.${key}`);
  const unknown = Object.keys(given).find((key) => key !== 'a' && key !== 'b');
  if (unknown !== undefined) throw invalid(name(unknown), 'not_an_edge', 'is unknown: an edge has a and b');
  const [a, b] = (['a', 'b'] as const).map((key) => endpoint(given[key], name(key))) as [string, string];
  if (a === b)
    throw invalid(at || 'b', 'self_edge', `wires "${a}" to itself: name two members, or remove it`);
  return a < b ? { a, b } : { a: b, b: a };
}

function endpoint(given: unknown, field: string): string {
  if (typeof given !== 'string') throw invalid(field, 'not_an_edge', 'is not the identity of a member');
  const trimmed = given.trim();
  if (trimmed === '') throw invalid(field, 'empty_endpoint', 'is blank: name the member at both ends');
  if (trimmed.length > 400) throw invalid(field, 'not_an_edge', 'is longer than any identity');
  return trimmed;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function invalid(field: string, reason: string, problem: string): MobError {
  return new MobError('MOB_WIRING_INVALID', `${field} ${problem}`, { details: { field, reason } });
}
