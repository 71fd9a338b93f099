import { createHash } from 'node:crypto';

import { type JsonValue, type SessionRow, sessionRowToJson } from '@mobkit/core';

import { storeError } from '../client/errors.js';
import type { StreamRow } from '../client/insert-all.js';
import type { QueryRow } from '../client/query-rows.js';
import { dayOf } from './day-of.js';

/** A row as it is streamed. Its id is a hash of what it says, so that one that is sent again is known. */
export function toStreamRow(row: SessionRow, appendedUs: number): StreamRow {
  const json = sessionRowToJson(row);
  const { labels = {} } = json;
  const rowId = createHash('sha256').update(JSON.stringify(json)).digest('hex');
  const cells = {
    session_id: row.sessionId,
    updated_at_ms: String(row.updatedAtMs),
    deleted: row.deleted,
    payload: JSON.stringify(row.payload),
    ...(Object.keys(row.labels).length > 0 && { labels_json: JSON.stringify(labels) }),
    row_id: rowId,
    appended_us: String(appendedUs),
    appended_on: dayOf(appendedUs),
  };
  return { insertId: rowId, json: JSON.stringify(cells) };
}

/**
 * A row as it was read. No payload is an empty object, and no labels are none: others may have written the row.
 *
 * @throws MobError `MOB_STORE_REFUSED` for one that cannot be read.
 */
export function fromQueryRow(doing: string, row: QueryRow): SessionRow {
  const { session_id: sessionId, updated_at_ms: updatedAt, deleted, payload, labels_json: labels } = row;
  const updatedAtMs = Number(updatedAt ?? Number.NaN);
  if (typeof sessionId !== 'string') throw unreadable(doing, 'session_id is no text');
  if (!Number.isSafeInteger(updatedAtMs)) throw unreadable(doing, 'updated_at_ms is no whole number');
  return {
    sessionId,
    updatedAtMs,
    deleted: deleted === 'true' || deleted === '1' || deleted === 'TRUE',
    payload: jsonOf(doing, 'payload', payload),
    labels: labelsOf(doing, labels),
  };
}

function labelsOf(doing: string, text: string | null | undefined): Readonly<Record<string, string>> {
  const labels = jsonOf(doing, 'labels_json', text);
  const areTexts = typeof labels === 'object' && labels !== null && !Array.isArray(labels);
  if (areTexts && Object.values(labels).every((value) => typeof value === 'string')) {
    return labels as Readonly<Record<string, string>>;
  }
  throw unreadable(doing, 'labels_json is no object of texts');
}

function jsonOf(doing: string, column: string, text: string | null | undefined): JsonValue {
  if (text === null || text === undefined || text.trim() === '') return {};
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // Without the text: it is somebody's data.
    throw unreadable(doing, `${column} JSON parse failed`);
  }
}

function unreadable(doing: string, message: string): Error {
  return storeError({ doing, reason: 'invalidAnswer', message });
}
