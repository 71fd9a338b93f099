import { limitOf } from '@mobkit/core';
import {
  type MobEvent,
  type MobEventPage,
  type MobEventQuery,
  type MobEventsView,
  structuralParties,
} from '@mobkit/core/mob';

/** Kinds that are about several members at once: no field of the ledger names them all. */
const SHARED_KINDS = ['members_wired', 'members_unwired', 'members_wired_batch'];

const PAGE_EVENTS = 256;
/** Entries of these kinds looked at for one page; who wants more asks for the next. */
const MOST_SCANNED = 4096;

/**
 * A page of what a ledger says about one member, wires included. The store filters what it has a field for; of wires it is
 * asked for the kinds, and who is at their ends is looked up here.
 */
export async function queryParties(
  ledger: MobEventsView,
  { agentIdentity, kinds, ...query }: MobEventQuery & { readonly agentIdentity: string },
): Promise<MobEventPage> {
  const own = await ledger.query({ ...query, agentIdentity, ...(kinds && { kinds }) });
  const shared = kinds?.length ? SHARED_KINDS.filter((kind) => kinds.includes(kind)) : SHARED_KINDS;
  if (shared.length === 0) return own;
  const wanted: Wanted = {
    query: { ...query, kinds: shared },
    limit: limitOf(query),
    identity: agentIdentity,
  };
  return query.afterCursor === undefined
    ? newest(own, await newestShared(ledger, wanted), wanted.limit)
    : oldest(own, await sharedAfter(ledger, wanted, query.afterCursor), wanted.limit);
}

interface Wanted {
  readonly query: MobEventQuery;
  readonly limit: number;
  readonly identity: string;
}

interface Scanned {
  readonly events: readonly MobEvent[];
  /** Forward: everything up to here was looked at; backward: everything from here on. */
  readonly frontier: number;
  readonly more: boolean;
}

async function sharedAfter(ledger: MobEventsView, wanted: Wanted, afterCursor: number): Promise<Scanned> {
  const events: MobEvent[] = [];
  let frontier = afterCursor;
  for (let scanned = 0; ;) {
    const page = await ledger.query({ ...wanted.query, afterCursor: frontier, limit: PAGE_EVENTS });
    events.push(...page.events.filter(isAbout(wanted.identity)));
    frontier = page.scannedTo;
    scanned += page.events.length;
    const { more } = page;
    if (!more || events.length >= wanted.limit || scanned >= MOST_SCANNED) return { events, frontier, more };
  }
}

/** A ledger is not read backwards page by page: more are asked for until there are enough. */
async function newestShared(ledger: MobEventsView, wanted: Wanted): Promise<Scanned> {
  for (let limit = PAGE_EVENTS; ; limit *= 4) {
    const { events: found, more } = await ledger.query({ ...wanted.query, limit });
    const events = found.filter(isAbout(wanted.identity));
    if (!more) return { events, frontier: 0, more };
    if (events.length >= wanted.limit || limit >= MOST_SCANNED) {
      return { events, frontier: found[0]?.cursor ?? 0, more };
    }
  }
}

function isAbout(identity: string): (event: MobEvent) => boolean {
  return ({ kind }) => structuralParties(kind).includes(identity);
}

function oldest(own: MobEventPage, shared: Scanned, limit: number): MobEventPage {
  const frontier = Math.min(own.scannedTo, shared.frontier);
  const found = merge(own.events, shared.events).filter(({ cursor }) => cursor <= frontier);
  const events = found.slice(0, limit);
  const cut = found.length > limit;
  const scannedTo = (cut ? events.at(-1)?.cursor : undefined) ?? frontier;
  return { ...own, events, scannedTo, more: cut || own.more || shared.more };
}

function newest(own: MobEventPage, shared: Scanned, limit: number): MobEventPage {
  const oldestOwn = own.more ? (own.events[0]?.cursor ?? 0) : 0;
  const frontier = Math.max(oldestOwn, shared.frontier);
  const found = merge(own.events, shared.events).filter(({ cursor }) => cursor >= frontier);
  const events = found.slice(-limit);
  return { ...own, events, more: found.length > limit || own.more || shared.more };
}

function merge(one: readonly MobEvent[], other: readonly MobEvent[]): readonly MobEvent[] {
  return [...one, ...other].toSorted((a, b) => a.cursor - b.cursor);
}
