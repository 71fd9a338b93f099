import type { EventArchive, EventLogStore, EventPage, EventQuery, LogBounds } from '@mobkit/core';

const PAGE = 256;

export interface Tiers {
  readonly primary: EventLogStore;
  readonly archive: EventArchive;
  /** What the archive said that it holds when it was asked last. */
  known: LogBounds;
}

/**
 * A page of a log whose past is in an archive. The archive is asked only for what the primary has no more; both hold what lies
 * between, and each event is taken from one of them.
 */
export async function queryAcross(tiers: Tiers, query: EventQuery): Promise<EventPage> {
  const { primary, archive } = tiers;
  const hot = await primary.query(query);
  if (hot.firstSeq === 1) return hot;
  const { afterSeq } = query;
  // Whoever reads what is new has no use for the archive.
  const enough = afterSeq === undefined ? hot.more : afterSeq >= hot.firstSeq - 1;
  if (!enough) tiers.known = await archive.bounds();
  // Others may have archived and pruned; who does not need the archive need not know.
  else if (tiers.known.lastSeq < hot.firstSeq - 1)
    tiers.known = await archive.bounds().catch(() => tiers.known);
  const { known } = tiers;
  // Nothing archived, or only what is before a gap: then the log begins where the primary does.
  if (known.lastSeq < hot.firstSeq - 1) return hot;
  const firstSeq = Math.min(known.firstSeq, hot.firstSeq);
  if (enough || firstSeq === hot.firstSeq) return { ...hot, firstSeq };
  const page = await (afterSeq === undefined
    ? newest(tiers, query, hot)
    : oldest(tiers, { ...query, afterSeq }, hot));
  return { ...page, firstSeq };
}

/** What the primary does not fill of a page is of the archive. */
async function newest({ archive }: Tiers, query: EventQuery, hot: EventPage): Promise<EventPage> {
  const limit = (query.limit ?? PAGE) - hot.events.length;
  const cold = await archive.query({ ...query, beforeSeq: hot.firstSeq, limit });
  return { ...hot, events: [...cold.events, ...hot.events], more: cold.more };
}

/** The archive as far as it goes, then the primary. */
async function oldest(
  tiers: Tiers,
  query: EventQuery & { readonly afterSeq: number },
  before: EventPage,
): Promise<EventPage> {
  const { primary, archive } = tiers;
  const cold = await archive.query(query);
  if (cold.more) return { ...cold, lastSeq: before.lastSeq };
  const limit = (query.limit ?? PAGE) - cold.events.length;
  const hot = await primary.query({ ...query, afterSeq: cold.scannedTo, limit });
  // Pruned since the archive was asked, which has it by now.
  if (hot.firstSeq - 1 > cold.scannedTo) return queryAcross(tiers, query);
  return { ...hot, events: [...cold.events, ...hot.events] };
}
