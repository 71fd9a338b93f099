import { expect, it } from 'vitest';

import { limitOf, toLogPage } from './log-page.js';
import type { StoredEntry } from './ordered-log.js';

function entries(...seqs: readonly number[]): StoredEntry[] {
  return seqs.map((seq) => ({ id: `e${seq}`, seq, timestampMs: 0, fields: {}, data: '{}' }));
}

const bounds = { firstSeq: 1, lastSeq: 9 };
const seqsOf = (page: { readonly entries: readonly StoredEntry[] }) => page.entries.map(({ seq }) => seq);

it('takes 256 for a query that sets no limit', () => {
  expect(limitOf({})).toBe(256);
  expect(limitOf({ limit: 0 })).toBe(0);
});

it.for([-1, 1.5, NaN, Infinity])('refuses %s as a limit', (limit) => {
  expect(() => limitOf({ limit })).toThrow(new TypeError(`limit is not a whole number from 0: ${limit}`));
});

it('[core.page-cursor] goes on from the last entry of a page that more follow', () => {
  const page = toLogPage(entries(2, 4, 6), { afterSeq: 1, limit: 2 }, bounds);
  expect([seqsOf(page), page.scannedTo, page.more]).toEqual([[2, 4], 4, true]);
});

it('goes on from the end of the log when nothing more matches', () => {
  const page = toLogPage(entries(2), { afterSeq: 1, limit: 2 }, bounds);
  expect([seqsOf(page), page.scannedTo, page.more]).toEqual([[2], 9, false]);
});

it('scans no further than the upper bound, nor than the log goes', () => {
  expect(toLogPage([], { afterSeq: 1, beforeSeq: 5 }, bounds).scannedTo).toBe(4);
  expect(toLogPage([], { afterSeq: 1, beforeSeq: 50 }, bounds).scannedTo).toBe(9);
});

it('stays where it is with a limit of 0 and more to come', () => {
  expect(toLogPage(entries(4), { afterSeq: 3, limit: 0 }, bounds)).toMatchObject({
    scannedTo: 3,
    more: true,
  });
});

it('gives the newest in ascending order when there is no lower bound', () => {
  const page = toLogPage(entries(9, 7, 5), { limit: 2 }, bounds);
  expect([seqsOf(page), page.scannedTo, page.more]).toEqual([[7, 9], 9, true]);
});

it('passes the bounds of the log on', () => {
  expect(toLogPage([], {}, { firstSeq: 4, lastSeq: 3 })).toMatchObject({ firstSeq: 4, lastSeq: 3 });
});
