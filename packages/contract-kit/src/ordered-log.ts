import { type OrderedLog, type Storage, tail } from '@mobkit/core';
import { expect, it } from 'vitest';

import { awkwardJson, entry, testLog } from './makers.js';

/** The tests of `Storage.log`. `open` gives the storage of the running test, with `testLog` prepared. */
export function describeOrderedLog(open: () => Storage): void {
  const log = (partition?: string) => open().log(testLog, partition);

  it('numbers entries densely from 1, in the order given', async () => {
    await log().append([entry('a'), entry('b')]);
    expect(await log().append([entry('c')])).toEqual({ stored: 1, duplicates: [], lastSeq: 3 });
    expect(await seen(log())).toEqual(['1 a', '2 b', '3 c']);
  });

  it('names duplicates, in the batch too, and leaves no hole for them', async () => {
    await log().append([entry('a')]);
    const appended = await log().append([entry('b'), entry('a'), entry('b'), entry('c')]);
    expect(appended).toEqual({ stored: 2, duplicates: ['a', 'b'], lastSeq: 3 });
    expect(await seen(log())).toEqual(['1 a', '2 b', '3 c']);
  });

  it('stores nothing of a batch with a wrong entry', async () => {
    await expect(log().append([entry('a'), entry('b\0')])).rejects.toThrow(TypeError);
    expect(await log().bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
  });

  it('gives an entry back as it was, its data character for character', async () => {
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
    const ids = async (query: Parameters<OrderedLog['read']>[0]) =>
      (await log().read(query)).entries.map(({ id }) => id);
    expect(await ids({ where: { color: ['red', 'green'] } })).toEqual(['a', 'c']);
    expect(await ids({ where: { color: 'blue', size: 1 } })).toEqual(['b']);
    expect(await ids({ where: { color: [] } })).toEqual([]);
    expect(await ids({ sinceMs: 20, untilMs: 30 })).toEqual(['b']);
    await expect(ids({ where: { weight: 1 } })).rejects.toThrow(TypeError);
  });

  it('scans to the frontier when nothing more matches', async () => {
    await log().append([entry('a', { fields: { color: 'red' } }), entry('b'), entry('c')]);
    const page = await log().read({ afterSeq: 0, where: { color: 'red' } });
    expect(page).toMatchObject({ entries: [{ id: 'a' }], scannedTo: 3, more: false });
  });

  it('appends only onto the last seq expected', async () => {
    await log().append([entry('a')], { expectedLastSeq: 0 });
    const late = log().append([entry('b')], { expectedLastSeq: 0 });
    await expect(late).rejects.toMatchObject({ code: 'MOB_CONFLICT', retryable: false });
    expect(await seen(log())).toEqual(['1 a']);
  });

  it('begins an empty partition where it is told, and only an empty one', async () => {
    const moved = [entry('a'), entry('b')];
    expect(await log().append(moved, { firstSeq: 41 })).toEqual({ stored: 2, duplicates: [], lastSeq: 42 });
    expect(await log().bounds()).toEqual({ firstSeq: 41, lastSeq: 42 });
    expect(await log().append(moved, { firstSeq: 41 })).toMatchObject({ stored: 0, lastSeq: 42 });
    const late = log().append([entry('c')], { firstSeq: 50 });
    await expect(late).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
    await log().prune({ keep: 0 });
    await expect(log().append([entry('d')], { firstSeq: 1 })).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
    await expect(log('x').append([entry('a')], { firstSeq: 0 })).rejects.toThrow(TypeError);
  });

  it('says with every page what the log holds', async () => {
    expect(await log().read({})).toMatchObject({ firstSeq: 1, lastSeq: 0 });
    await log().append(['a', 'b', 'c'].map((id) => entry(id)));
    await log().prune({ keep: 2 });
    expect(await log().read({ afterSeq: 1, limit: 1 })).toMatchObject({ firstSeq: 2, lastSeq: 3 });
    expect(await log().read({ beforeSeq: 3 })).toMatchObject({ firstSeq: 2, lastSeq: 3 });
  });

  it('lets a repeated append succeed whatever it expects', async () => {
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

  it('prunes the oldest up to the first that must stay', async () => {
    const times = [10, 20, 99, 30, 40];
    await log().append(times.map((timestampMs) => entry(`at ${timestampMs}`, { timestampMs })));
    expect(await log().prune({ timestampMs: 50, keep: 1 })).toBe(2);
    expect(await log().bounds()).toEqual({ firstSeq: 3, lastSeq: 5 });
    expect(await log().read({ afterSeq: 0, limit: 1 })).toMatchObject({ firstSeq: 3, entries: [{ seq: 3 }] });
  });

  it('goes on numbering after everything was pruned', async () => {
    await log().append([entry('a'), entry('b')]);
    await log().prune({ keep: 0 });
    expect(await log().bounds()).toEqual({ firstSeq: 3, lastSeq: 2 });
    expect(await log().append([entry('a')])).toMatchObject({ stored: 1, lastSeq: 3 });
  });

  it('tells a tailing reader that its cursor is stale', async () => {
    await log().append([entry('a'), entry('b')]);
    await log().prune({ keep: 1 });
    await expect(tail(log(), { afterSeq: 0 }).next()).rejects.toMatchObject({
      code: 'MOB_CURSOR_STALE',
      details: { afterSeq: 0, firstSeq: 2, lastSeq: 2 },
    });
    await expect(tail(log(), { afterSeq: 3 }).next()).rejects.toMatchObject({ code: 'MOB_CURSOR_STALE' });
  });

  it('wakes a tailing reader that has caught up', async () => {
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

async function seen(log: OrderedLog): Promise<string[]> {
  const { entries } = await log.read({ afterSeq: 0 });
  return entries.map(({ seq, id }) => `${seq} ${id}`);
}
