import type { SessionRow } from '@mobkit/core';

/** A row that shows only what matters. */
export function row(sessionId: string, updatedAtMs = 1_000, given: Partial<SessionRow> = {}): SessionRow {
  return { sessionId, updatedAtMs, deleted: false, payload: null, labels: {}, ...given };
}
