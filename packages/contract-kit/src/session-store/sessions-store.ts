import type { SessionRow, SessionStore } from '@mobkit/core';

import type { Given } from '../chapter.js';

/** What the chapters about a `SessionStore` are given. */
export interface SessionsStore {
  readonly sessions: SessionStore;
  /** Resolves once everything that was appended or removed before can be read so. Absent where it can be at once. */
  settle?(): Promise<void>;
}

/** The store of the running test, as somebody sees it who waits until what was written can be read. */
export function settled({ store }: Given<SessionsStore>) {
  const sessions = () => store().sessions;
  const settle = async () => store().settle?.();
  return {
    sessions,
    settle,
    async append(...rows: readonly SessionRow[]): Promise<void> {
      await sessions().append(rows);
      await settle();
    },
    async compact(): Promise<number> {
      const removed = await sessions().compact();
      await settle();
      return removed;
    },
    latest: async () => (await sessions().latest()).rows,
    live: async () => (await sessions().live()).rows,
    history: async () => (await sessions().history()).rows,
  };
}

/** A row that shows only what matters. */
export function sessionRow(
  sessionId: string,
  updatedAtMs = 1_000,
  given: Partial<SessionRow> = {},
): SessionRow {
  return { sessionId, updatedAtMs, deleted: false, payload: null, labels: {}, ...given };
}

/** All rows of `history`, by pages of so many. */
export async function everyRow(
  sessions: SessionStore,
  query: { readonly sessionId?: string; readonly limit: number },
): Promise<SessionRow[]> {
  const found: SessionRow[] = [];
  for (let page = await sessions.history(query); ;) {
    found.push(...page.rows);
    if (page.next === undefined) return found;
    page = await sessions.history({ ...query, after: page.next });
  }
}

/** All rows of `latest` or `live`, by pages of so many. */
export async function everySession(
  sessions: SessionStore,
  which: 'latest' | 'live',
  limit: number,
): Promise<SessionRow[]> {
  const found: SessionRow[] = [];
  for (let page = await sessions[which]({ limit }); ;) {
    found.push(...page.rows);
    const last = page.rows.at(-1);
    if (!page.more || !last) return found;
    page = await sessions[which]({ limit, afterSessionId: last.sessionId });
  }
}
