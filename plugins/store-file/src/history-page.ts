import { createHash } from 'node:crypto';

import { checkSessionHistoryQuery, type SessionHistoryPage, type SessionHistoryQuery } from '@mobkit/core';

import type { FileRow } from './session-file.js';

/** Wide enough for every time that a row may have. */
const TIME_DIGITS = 12;
const AFTER = /^[0-9a-f]{12}-[0-9a-f]{64}$/;

/** A page of the history. Places are by time and digest, so that they stay whatever is appended or removed. */
export function historyPage(rows: readonly FileRow[], query: SessionHistoryQuery): SessionHistoryPage {
  const limit = checkSessionHistoryQuery(query);
  const { sessionId, after = '' } = query;
  const found = rows
    .filter(({ row }) => sessionId === undefined || row.sessionId === sessionId)
    .map(({ row, text }) => ({ row, place: placeOf(row.updatedAtMs, text) }))
    .filter(({ place }) => place > after)
    .toSorted((one, other) => (one.place < other.place ? -1 : 1));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map(({ row }) => row),
    ...(found.length > limit && last && { next: last.place }),
  };
}

/** Before anything is read. @throws TypeError for an `after` that no page had. */
export function checkHistoryQuery(query: SessionHistoryQuery): void {
  checkSessionHistoryQuery(query);
  const { after } = query;
  if (after !== undefined && !AFTER.test(after)) throw new TypeError(`after is of no page: "${after}"`);
}

function placeOf(updatedAtMs: number, text: string): string {
  const time = updatedAtMs.toString(16).padStart(TIME_DIGITS, '0');
  return `${time}-${createHash('sha256').update(text).digest('hex')}`;
}
