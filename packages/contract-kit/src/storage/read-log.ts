import type { LogQuery, OrderedLog, StoredEntry } from '@mobkit/core';

export async function ids(log: OrderedLog, query: LogQuery): Promise<string[]> {
  return (await log.read(query)).entries.map(({ id }) => id);
}

/** The number and id of every entry, up to the default limit. */
export async function seen(log: OrderedLog): Promise<string[]> {
  const { entries } = await log.read({ afterSeq: 0 });
  return entries.map(({ seq, id }) => `${seq} ${id}`);
}

/** Every entry kept after a cursor, page by page. */
export async function readAll(log: OrderedLog, query: LogQuery = {}): Promise<StoredEntry[]> {
  const found: StoredEntry[] = [];
  for (let page = await log.read({ afterSeq: 0, ...query }); ;) {
    found.push(...page.entries);
    if (!page.more) return found;
    page = await log.read({ ...query, afterSeq: page.scannedTo });
  }
}
