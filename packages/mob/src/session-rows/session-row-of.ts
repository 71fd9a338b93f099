import type { JsonObject, SessionRow } from '@mobkit/core';

import type { SessionRecord } from '../members/session.js';

/** What a row says of a session, all but its time. */
export type SessionState = Omit<SessionRow, 'updatedAtMs'>;

/**
 * What there is to know of a session by its record: whose it is and what it has used up, and nothing that was said in it. Undefined
 * while a part of a run is kept: the row is written when all of it is, or the session is archived.
 */
export function sessionStateOf(sessionId: string, data: string): SessionState | undefined {
  const record = parse(data);
  if (!record) return undefined;
  const { archived_at_ms: archivedAtMs, open_run: openRun } = record;
  if (openRun !== undefined && archivedAtMs === undefined) return undefined;
  const { input_tokens, output_tokens } = record.usage;
  const payload: JsonObject = {
    mob_id: record.mob_id,
    identity: record.identity,
    generation: record.generation,
    role: record.labels['role'] ?? null,
    runs: record.runs,
    messages: record.messages,
    tool_calls: record.tool_calls ?? 0,
    input_tokens,
    output_tokens,
    duration_ms: record.duration_ms ?? 0,
    created_at_ms: record.created_at_ms,
    archived_at_ms: archivedAtMs ?? null,
  };
  return { sessionId, deleted: archivedAtMs !== undefined, payload, labels: record.labels };
}

/** Whether a row that is kept says it already. */
export function says(row: SessionRow, { deleted, payload, labels }: SessionState): boolean {
  return textOf(row) === textOf({ sessionId: row.sessionId, deleted, payload, labels });
}

function textOf({ deleted, payload, labels }: SessionState): string {
  const sorted = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([deleted, payload, sorted]);
}

/** What is no session stays out of the store: opening the mob says so. */
function parse(data: string): SessionRecord | undefined {
  try {
    const record = JSON.parse(data) as SessionRecord | null;
    return typeof record?.usage === 'object' && typeof record.labels === 'object' ? record : undefined;
  } catch {
    return undefined;
  }
}
