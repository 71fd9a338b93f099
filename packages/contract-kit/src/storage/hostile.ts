import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { awkwardJson, entry, testLog, testRecords } from '../makers.js';
import { ids, seen } from './read-log.js';
import type { StorageStore } from './storage-store.js';

export const hostileChapter: Chapter<StorageStore> = { name: 'hostile', tests };

function tests({ store }: Given<StorageStore>): void {
  const log = (partition?: string) => store().storage.log(testLog, partition);
  const records = () => store().storage.records(testRecords);

  it('[store.verbatim] gives an entry back as it was, its data character for character', async () => {
    const given = entry('a', {
      timestampMs: -1,
      fields: { color: 'réd', size: 2 ** 53 - 1 },
      data: awkwardJson,
    });
    await log().append([given, entry('b')]);
    const { entries } = await log().read({});
    expect(entries).toEqual([
      { ...given, seq: 1 },
      { ...entry('b'), fields: {}, seq: 2 },
    ]);
  });

  it('[store.integers] keeps integers exact to the ends of what is safe, and finds them', async () => {
    const max = Number.MAX_SAFE_INTEGER;
    const sizes = [max, max - 1, -max, 0];
    await log().append(sizes.map((size) => entry(`${size}`, { timestampMs: size, fields: { size } })));
    const { entries } = await log().read({});
    expect(entries.map(({ timestampMs, fields }) => [timestampMs, fields['size']])).toEqual(
      sizes.map((size) => [size, size]),
    );
    expect(await ids(log(), { where: { size: max } })).toEqual([`${max}`]);
    expect(await ids(log(), { where: { size: [max - 1, -max] } })).toEqual([`${max - 1}`, `${-max}`]);
    expect(await ids(log(), { sinceMs: max })).toEqual([`${max}`]);
  });

  it('[store.text] takes texts that only look alike for different ones', async () => {
    // Composed and decomposed, case, spaces, numbers, and a character of two UTF-16 units.
    const texts = ['\u00E9', 'e\u0301', 'E', 'e', 'e ', '1', '01', '1.0', '1e0', '\u{1F600}', ''];
    const given = texts.map((text) => entry(text, { fields: { color: text } }));
    expect(await log().append(given)).toMatchObject({ stored: texts.length, duplicates: [] });
    for (const text of texts) {
      expect(await log().read({ where: { color: text } })).toMatchObject({
        entries: [{ id: text, fields: { color: text } }],
      });
      await log(`${text}/x`).append([entry(text)]);
    }
    expect(await seen(log('e/x'))).toEqual(['1 e']);
    expect(await ids(log(), { where: { color: ['1', 'E', '\u{1F600}'] } })).toEqual(['E', '1', '\u{1F600}']);
  });

  it('gives a record back as it was, its data character for character', async () => {
    const record = { fields: { color: '007' }, data: awkwardJson, dueAtMs: Number.MAX_SAFE_INTEGER };
    const version = await records().put('a', record);
    expect(await records().get('a')).toEqual({ key: 'a', version, ...record });
    expect(await records().get('A')).toBeUndefined();
    expect(await records().get('b')).toBeUndefined();
  });

  it('[store.hostile] keeps unknown fields, odd names and half-known encodings as they were written', async () => {
    const texts = [
      '{"__proto__":{"x":1},"constructor":null,"":"empty name","unknown":{"deep":[[[{}]]]}}',
      '{"a":1,"a":2}',
      ' {\n"spaced" :\ttrue } ',
      '"\u0041 A \\n \\/ \u2028 \u2029"',
      `"'; drop table test_log; -- \\"quoted\\" %s $1 ? :name \\\\"`,
      '-0',
      '1e400',
      '12345678901234567890.000',
      'null',
      '""',
    ];
    await log().append(texts.map((data, n) => entry(`${n}`, { data })));
    expect((await log().read({})).entries.map(({ data }) => data)).toEqual(texts);
    for (const [n, data] of texts.entries()) await records().put(`${n}`, { data });
    expect((await records().list({})).records.map(({ data }) => data)).toEqual(texts);
  });

  it('takes names of fields, ids and keys that look like code for what they are', async () => {
    const odd = [
      "'; drop table test_log; --",
      '"',
      '\\',
      '%',
      '_',
      '$1',
      '?',
      ':a',
      '{}',
      '\u2028',
      '\uFFFF',
      'null',
    ];
    await log().append(odd.map((text) => entry(text, { fields: { color: text } })));
    for (const text of odd) {
      expect(await ids(log(), { where: { color: text } })).toEqual([text]);
      await records().put(text, { fields: { color: text }, data: '0' });
    }
    for (const text of odd) {
      expect(await records().get(text)).toMatchObject({ key: text });
      expect(await records().list({ where: { color: text } })).toMatchObject({ records: [{ key: text }] });
    }
  });
}
