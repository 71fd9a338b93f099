import type { EventIngestion } from './event-ingestion.js';

/** A sink for hosts that keep no log: every event counts as `filtered`, and as `dropped.closed` after `close`. */
export function nullEventSink(): EventIngestion {
  let filtered = 0;
  let closed: number | undefined;
  const stats = () => ({
    accepted: filtered + (closed ?? 0),
    recovered: 0,
    persisted: 0,
    duplicate: 0,
    filtered,
    spilled: 0,
    buffered: 0,
    dropped: { overflow: 0, refused: 0, corrupt: 0, closed: closed ?? 0 },
    filterFailures: 0,
  });
  return {
    ingest() {
      if (closed === undefined) filtered++;
      else closed++;
    },
    flush: async () => ({ unflushed: 0 }),
    stats,
    async close() {
      closed ??= 0;
      return stats();
    },
  };
}
