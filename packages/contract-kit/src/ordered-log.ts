import { type LogQuery, type OrderedLog, type Storage, tail } from '@mobkit/core';
import { expect, it } from 'vitest';

import { awkwardJson, entry, testLog } from './makers.js';

/** The tests of `Storage.log`. `open` gives the storage of the running test, with `testLog` prepared. */
export function describeOrderedLog(open: () => Storage): void {
  const log = (partition?: string) => open().log(testLog, partition);

  it('[store.dense] numbers entries densely from 1, in the order given', async () => {
    await log().append([entry('a'), entry('b')]);
    expect(await log().append([entry('c')])).toEqual({ stored: 1, duplicates: [], lastSeq: 3 });
    expect(await seen(log())).toEqual(['1 a', '2 b', '3 c']);
  });

  it('[store.duplicates] names duplicates, in the batch too, and leaves no hole for them', async () => {
    await log().append([entry('a')]);
    const appended = await log().append([entry('b'), entry('a'), entry('b'), entry('c')]);
    expect(appended).toEqual({ stored: 2, duplicates: ['a', 'b'], lastSeq: 3 });
    expect(await seen(log())).toEqual(['1 a', '2 b', '3 c']);
  });

  it('takes a thousand entries at once, and none', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => entry(`${n}`, { data: JSON.stringify({ n }) }));
    expect(await log().append(many)).toEqual({ stored: 1_000, duplicates: [], lastSeq: 1_000 });
    expect(await log().append([])).toEqual({ stored: 0, duplicates: [], lastSeq: 1_000 });
    expect(await log().append(many)).toMatchObject({ stored: 0, lastSeq: 1_000 });
    const { entries } = await log().read({ afterSeq: 0, limit: 1_000 });
    expect(entries.map(({ id, data }) => ({ id, data }))).toEqual(many.map(({ id, data }) => ({ id, data })));
  });

  it('has held nothing after an append of nothing', async () => {
    expect(await log().append([])).toEqual({ stored: 0, duplicates: [], lastSeq: 0 });
    expect(await log().append([], { firstSeq: 41 })).toEqual({ stored: 0, duplicates: [], lastSeq: 0 });
    expect(await log().append([entry('a')], { firstSeq: 7 })).toMatchObject({ lastSeq: 7 });
  });

  it('stores nothing of a batch with a wrong entry', async () => {
    await expect(log().append([entry('a'), entry('b\0')])).rejects.toThrow(TypeError);
    const untyped = { data: { not: 'text' } as unknown as string };
    await expect(log().append([entry('a'), entry('b', untyped)])).rejects.toThrow(TypeError);
    expect(await log().bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  });

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

  it('reads the oldest after afterSeq, else the newest, ascending both ways', async () => {
    await log().append(['a', 'b', 'c', 'd'].map((id) => entry(id)));
    expect(await log().read({ afterSeq: 1, limit: 2 })).toMatchObject({
      entries: [{ id: 'b' }, { id: 'c' }],
      scannedTo: 3,
      more: true,
    });
    expect(await log().read({ limit: 2 })).toMatchObject({
      entries: [{ id: 'c' }, { id: 'd' }],
      scannedTo: 4,
      more: true,
    });
    expect(await log().read({ beforeSeq: 3 })).toMatchObject({
      entries: [{ id: 'a' }, { id: 'b' }],
      scannedTo: 2,
      more: false,
    });
  });

  it('passes over a limit of 0 without moving the cursor', async () => {
    await log().append([entry('a'), entry('b')]);
    const page = await log().read({ afterSeq: 1, limit: 0 });
    expect(page).toMatchObject({ entries: [], scannedTo: 1, more: true });
  });

  it('filters on fields, any of several values, and on time', async () => {
    await log().append([
      entry('a', { fields: { color: 'red', size: 1 }, timestampMs: 10 }),
      entry('b', { fields: { color: 'blue', size: 1 }, timestampMs: 20 }),
      entry('c', { fields: { color: 'green' }, timestampMs: 30 }),
    ]);
    expect(await ids(log(), { where: { color: ['red', 'green'] } })).toEqual(['a', 'c']);
    expect(await ids(log(), { where: { color: 'blue', size: 1 } })).toEqual(['b']);
    expect(await ids(log(), { where: { color: [] } })).toEqual([]);
    expect(await ids(log(), { where: { color: undefined, size: [1, 1] } })).toEqual(['a', 'b']);
    expect(await ids(log(), { sinceMs: 20, untilMs: 30 })).toEqual(['b']);
    await expect(ids(log(), { where: { weight: 1 } })).rejects.toThrow(TypeError);
  });

  it('[store.filters] holds every condition at once, from either end, a page at a time', async () => {
    // Sixteen entries: size 0, 1, 0, 1 …; red, red, blue, blue, red …; a time that goes back once.
    const given = Array.from({ length: 16 }, (_, n) =>
      entry(`${n + 1}`, {
        fields: { size: n % 2, color: n % 4 < 2 ? 'red' : 'blue' },
        timestampMs: n === 9 ? 5 : n * 10,
      }),
    );
    await log().append(given);
    const where = { size: 1, color: ['red', 'green'] };
    const within = { sinceMs: 10, untilMs: 130, where };
    expect(await ids(log(), { where })).toEqual(['2', '6', '10', '14']);
    expect(await ids(log(), { ...within, afterSeq: 2 })).toEqual(['6']);
    expect(await ids(log(), { ...within, afterSeq: 1 })).toEqual(['2', '6']);
    expect(await log().read({ where, afterSeq: 1, limit: 2 })).toMatchObject({
      entries: [{ id: '2' }, { id: '6' }],
      scannedTo: 6,
      more: true,
    });
    expect(await log().read({ where, beforeSeq: 14, limit: 2 })).toMatchObject({
      entries: [{ id: '6' }, { id: '10' }],
      more: true,
    });
    expect(await log().read({ where, afterSeq: 6, beforeSeq: 14 })).toMatchObject({
      entries: [{ id: '10' }],
      scannedTo: 13,
      more: false,
    });
  });

  it('[store.times] finds by time, however the times lie', async () => {
    // Mostly in order, with steps back and forth, over enough entries for a store that keeps them in blocks.
    const step = (n: number) => (n % 97 === 0 ? (n % 2 ? 60 : -60) : 0);
    const times = Array.from({ length: 1_600 }, (_, n) => n + step(n));
    const given = times.map((timestampMs, n) => entry(`${n}`, { timestampMs }));
    for (const at of [0, 3, 700]) await log().append(given.slice(at, at + 900));
    await log().prune({ seq: 601 });
    for (const [sinceMs, untilMs] of [
      [0, 1_600],
      [650, 700],
      [1_000, 1_001],
      [716, 717],
      [1_599, 9_999],
      [40, 60],
    ] as const) {
      const inTime = given
        .slice(600)
        .filter((one) => one.timestampMs >= sinceMs && one.timestampMs < untilMs);
      const wanted = inTime.map(({ id }) => id);
      expect(await ids(log(), { sinceMs, untilMs, limit: 2_000 })).toEqual(wanted);
      expect(await ids(log(), { sinceMs, untilMs, afterSeq: 900, limit: 5 })).toEqual(
        wanted.filter((id) => Number(id) >= 900).slice(0, 5),
      );
    }
  });

  it('[store.frontier] scans to the frontier when nothing more matches', async () => {
    await log().append([entry('a', { fields: { color: 'red' } }), entry('b'), entry('c')]);
    const page = await log().read({ afterSeq: 0, where: { color: 'red' } });
    expect(page).toMatchObject({ entries: [{ id: 'a' }], scannedTo: 3, more: false });
  });

  it('[store.expected-seq] appends only onto the last seq expected', async () => {
    await log().append([entry('a')], { expectedLastSeq: 0 });
    const late = log().append([entry('b')], { expectedLastSeq: 0 });
    await expect(late).rejects.toMatchObject({ code: 'MOB_CONFLICT', retryable: false });
    expect(await seen(log())).toEqual(['1 a']);
  });

  it('[store.first-seq] begins an empty partition where it is told, and only an empty one', async () => {
    const moved = [entry('a'), entry('b')];
    expect(await log().append(moved, { firstSeq: 41 })).toEqual({ stored: 2, duplicates: [], lastSeq: 42 });
    expect(await log().bounds()).toEqual({ firstSeq: 41, lastSeq: 42 });
    expect(await log().append(moved, { firstSeq: 41 })).toMatchObject({ stored: 0, lastSeq: 42 });
    const late = log().append([entry('c')], { firstSeq: 50 });
    await expect(late).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
    await log().prune({ keep: 0 });
    await expect(log().append([entry('d')], { firstSeq: 1 })).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
    await expect(log('x').append([entry('a')], { firstSeq: 0 })).rejects.toThrow(TypeError);
    const none = { firstSeq: 41, expectedLastSeq: 0 };
    expect(await log('y').append(moved, none)).toMatchObject({ lastSeq: 42 });
    const other = log('z').append(moved, { firstSeq: 41, expectedLastSeq: 40 });
    await expect(other).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
  });

  it('says with every page what the log holds', async () => {
    expect(await log().read({})).toMatchObject({ firstSeq: 1, lastSeq: 0 });
    await log().append(['a', 'b', 'c'].map((id) => entry(id)));
    await log().prune({ keep: 2 });
    expect(await log().read({ afterSeq: 1, limit: 1 })).toMatchObject({ firstSeq: 2, lastSeq: 3 });
    expect(await log().read({ beforeSeq: 3 })).toMatchObject({ firstSeq: 2, lastSeq: 3 });
  });

  it('[store.repeat] lets a repeated append succeed whatever it expects', async () => {
    await log().append([entry('a')], { expectedLastSeq: 0 });
    const again = await log().append([entry('a')], { expectedLastSeq: 0 });
    expect(again).toEqual({ stored: 0, duplicates: ['a'], lastSeq: 1 });
  });

  it('keeps partitions apart', async () => {
    await log('one').append([entry('a'), entry('b')]);
    await log('two').append([entry('a')]);
    expect(await seen(log('two'))).toEqual(['1 a']);
    expect(await log().bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  });

  it('[store.prune] prunes the oldest up to the first that must stay', async () => {
    const times = [10, 20, 99, 30, 40];
    await log().append(times.map((timestampMs) => entry(`at ${timestampMs}`, { timestampMs })));
    expect(await log().prune({ timestampMs: 50, keep: 1 })).toBe(2);
    expect(await log().bounds()).toEqual({ firstSeq: 3, lastSeq: 5 });
    expect(await log().read({ afterSeq: 0, limit: 1 })).toMatchObject({ firstSeq: 3, entries: [{ seq: 3 }] });
  });

  it('finds what pruning left, and nothing of what it took', async () => {
    const given = Array.from({ length: 9 }, (_, n) =>
      entry(`${n + 1}`, { fields: { color: n % 2 ? 'red' : 'blue' }, timestampMs: n }),
    );
    await log().append(given);
    await log('other').append(given);
    expect(await log().prune({ seq: 5 })).toBe(4);
    expect(await log().prune({ seq: 5 })).toBe(0);
    expect(await log().prune({ seq: 99, keep: 4 })).toBe(1);
    expect(await ids(log(), { where: { color: 'red' } })).toEqual(['6', '8']);
    expect(await log().read({ afterSeq: 6, where: { color: 'red' }, untilMs: 8 })).toMatchObject({
      entries: [{ id: '8' }],
      firstSeq: 6,
      scannedTo: 9,
    });
    expect(await log().append([entry('1'), entry('6')])).toMatchObject({ stored: 1, duplicates: ['6'] });
    expect(await log('other').bounds()).toEqual({ firstSeq: 1, lastSeq: 9 });
    await expect(log().prune({})).rejects.toThrow(TypeError);
  });

  it('[store.seq-survives-prune] goes on numbering after everything was pruned', async () => {
    await log().append([entry('a'), entry('b')]);
    await log().prune({ keep: 0 });
    expect(await log().bounds()).toEqual({ firstSeq: 3, lastSeq: 2 });
    expect(await log().append([entry('a')])).toMatchObject({ stored: 1, lastSeq: 3 });
  });

  it('[store.stale-cursor] tells a tailing reader that its cursor is stale', async () => {
    await log().append([entry('a'), entry('b')]);
    await log().prune({ keep: 1 });
    await expect(tail(log(), { afterSeq: 0 }).next()).rejects.toMatchObject({
      code: 'MOB_CURSOR_STALE',
      details: { afterSeq: 0, firstSeq: 2, lastSeq: 2 },
    });
    await expect(tail(log(), { afterSeq: 3 }).next()).rejects.toMatchObject({ code: 'MOB_CURSOR_STALE' });
  });

  it('[store.wakes] wakes a tailing reader that has caught up', async () => {
    const reader = tail(log(), { afterSeq: 0 });
    const next = reader.next();
    await log().append([entry('a')]);
    expect((await next).value).toMatchObject({ seq: 1, id: 'a' });
    await reader.return();
  });

  it('ends a tailing reader by its signal', async () => {
    const abort = new AbortController();
    const next = tail(log(), { afterSeq: 0, signal: abort.signal }).next();
    abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
}

async function ids(log: OrderedLog, query: LogQuery): Promise<string[]> {
  return (await log.read(query)).entries.map(({ id }) => id);
}

async function seen(log: OrderedLog): Promise<string[]> {
  const { entries } = await log.read({ afterSeq: 0 });
  return entries.map(({ seq, id }) => `${seq} ${id}`);
}
