import type { FileRow } from './session-file.js';

/** Of each session its latest row, in the order the sessions came up. */
export function latestRows(rows: readonly FileRow[]): FileRow[] {
  const latest = new Map<string, FileRow>();
  for (const one of rows) {
    const before = latest.get(one.row.sessionId);
    if (!before || one.row.updatedAtMs >= before.row.updatedAtMs) latest.set(one.row.sessionId, one);
  }
  return [...latest.values()];
}

/** The rows that no later one has taken the place of, in their order. */
export function withoutSuperseded(rows: readonly FileRow[]): FileRow[] {
  const latest = new Set(latestRows(rows));
  return rows.filter((one) => latest.has(one));
}
