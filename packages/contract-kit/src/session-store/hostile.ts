import type { JsonValue } from '@mobkit/core';
import { expect, it } from 'vitest';

import type { Given } from '../chapter.js';
import { awkwardJson } from '../makers.js';
import { everySession, sessionRow, settled, type SessionsStore } from './sessions-store.js';

/** In code point order; UTF-16 would put the fourth from the end behind the third, a collation would mix the first. */
const ids = [
  '"',
  '%',
  "'; drop table sessions; --",
  '0',
  'A',
  '__proto__',
  '`',
  'a',
  'a b',
  'a/b:c\\d',
  'constructor',
  'naïve',
  'é',
  '会话',
  '\u{fffd}',
  '\u{1f600}',
  '\u{1f600}a',
];

/** `toEqual` does not look at the order of keys. */
const text = (value: unknown) => JSON.stringify(value);

export function hostileTests(given: Given<SessionsStore>): void {
  const { sessions, append, latest } = settled(given);

  it('[sessions.ids] takes any id for what it is, and sorts by code point', async () => {
    const long = 'z'.repeat(400);
    const all = [...ids.slice(0, 12), long, ...ids.slice(12)];
    await append(...all.toReversed().map((id) => sessionRow(id, 1_000, { payload: { id } })));
    const found = await everySession(sessions(), 'latest', 5);
    expect(found.map(({ sessionId }) => sessionId)).toEqual(all);
    expect(found.map(({ payload }) => payload)).toEqual(all.map((id) => ({ id })));
    const after = await sessions().live({ afterSessionId: '\u{fffd}' });
    expect(after.rows.map(({ sessionId }) => sessionId)).toEqual(['\u{1f600}', '\u{1f600}a']);
    const [quote] = (await sessions().history({ sessionId: "'; drop table sessions; --" })).rows;
    expect(quote?.payload).toEqual({ id: "'; drop table sessions; --" });
  });

  it('[sessions.payloads] gives payloads back as they were, whatever JSON says, key order included', async () => {
    const payloads: readonly JsonValue[] = [
      null,
      true,
      false,
      0,
      -1.5,
      1e300,
      Number.MAX_SAFE_INTEGER,
      '',
      'text',
      'null',
      '{"json":"in text"}',
      '\0 \ud800 \u2028 \u{1f600} \\ " \n',
      [],
      [[], {}, null, [1, [2, [3]]]],
      {},
      { z: 1, a: { y: 2, b: [{ x: null }] }, '': 'empty', 'a.b': 'dot', 'a b': '"' },
      JSON.parse(awkwardJson) as JsonValue,
      JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as JsonValue,
      'x'.repeat(100_000),
    ];
    const rows = payloads.map((payload, n) => sessionRow(`s${String(n).padStart(2, '0')}`, n, { payload }));
    await append(...rows);
    expect((await latest()).map(({ payload }) => text(payload))).toEqual(payloads.map(text));
    expect((await sessions().history()).rows.map(({ payload }) => text(payload))).toEqual(payloads.map(text));
  });

  it('[sessions.labels] keeps labels of any name and text', async () => {
    const odd = {
      '': 'empty',
      'a.b/c': 'x',
      'naïve 会话': '\u{1f600}',
      '"quote"': "'",
      constructor: 'c',
      text: '\0 \ud800',
    };
    const labels = JSON.parse(`{"__proto__":"p",${text(odd).slice(1)}`) as Record<string, string>;
    await append(sessionRow('a', 1_000, { labels }), sessionRow('b'));
    const [a, b] = await latest();
    expect(new Map(Object.entries(a?.labels ?? {}))).toEqual(new Map(Object.entries(labels)));
    expect(b?.labels).toEqual({});
  });
}
