import type { Storage } from '@mobkit/core';
import { expect, it } from 'vitest';

import { awkwardJson, testRecords } from './makers.js';

const conflict = { code: 'MOB_CONFLICT', retryable: false };

/** The tests of `Storage.records`. `open` gives the storage of the running test, with `testRecords` prepared. */
export function describeRecordStore(open: () => Storage): void {
  const records = () => open().records(testRecords);

  it('gives a record back as it was, its data character for character', async () => {
    const record = { fields: { color: '007' }, data: awkwardJson, dueAtMs: Number.MAX_SAFE_INTEGER };
    const version = await records().put('a', record);
    expect(await records().get('a')).toEqual({ key: 'a', version, ...record });
    expect(await records().get('A')).toBeUndefined();
    expect(await records().get('b')).toBeUndefined();
  });

  it('refuses a key that cannot be kept', async () => {
    await expect(records().put('a\0', { data: '1' })).rejects.toThrow(TypeError);
    await expect(records().get('\uD800')).rejects.toThrow(TypeError);
    await expect(records().delete('a'.repeat(401))).rejects.toThrow(TypeError);
    const untyped = { data: true as unknown as string };
    await expect(records().put('a', untyped)).rejects.toThrow(TypeError);
  });

  it('[store.replace] replaces a record whole', async () => {
    await records().put('a', { fields: { color: 'red' }, data: '1', dueAtMs: 5 });
    const version = await records().put('a', { data: '2' });
    expect(await records().get('a')).toEqual({ key: 'a', version, fields: {}, data: '2' });
  });

  it('[store.key-order] lists by key in code point order, a page at a time, filtered', async () => {
    for (const key of ['b', 'Z', '\u{1F600}', '\uFFFD', 'a']) {
      await records().put(key, { fields: { color: key === 'b' ? 'blue' : 'red' }, data: '0' });
    }
    const list = async (afterKey?: string) => {
      const query = { where: { color: 'red' }, limit: 2, ...(afterKey !== undefined && { afterKey }) };
      const page = await records().list(query);
      return { keys: page.records.map(({ key }) => key), more: page.more };
    };
    expect(await list()).toEqual({ keys: ['Z', 'a'], more: true });
    expect(await list('a')).toEqual({ keys: ['\uFFFD', '\u{1F600}'], more: false });
  });

  it('lists records with any of several values, and none without one', async () => {
    await records().put('a', { fields: { color: 'red' }, data: '0' });
    await records().put('b', { fields: { color: 'blue' }, data: '0' });
    await records().put('c', { data: '0' });
    const list = async (color: string | readonly string[] | undefined) =>
      (await records().list({ where: { color } })).records.map(({ key }) => key);
    expect(await list(['blue', 'red', 'green'])).toEqual(['a', 'b']);
    expect(await list('blue')).toEqual(['b']);
    expect(await list([])).toEqual([]);
    expect(await list(undefined)).toEqual(['a', 'b', 'c']);
    expect(await records().list({ limit: 0 })).toEqual({ records: [], more: true });
  });

  it('deletes over nothing when that is expected', async () => {
    expect(await records().delete('a', { expectedVersion: 0 })).toBe(false);
    await records().put('a', { data: '0' });
    await expect(records().delete('a', { expectedVersion: 0 })).rejects.toMatchObject(conflict);
    expect(await records().get('a')).toBeDefined();
  });

  it('[store.expected-version] writes only over the version expected, 0 meaning over nothing', async () => {
    const first = await records().put('a', { data: '1' }, { expectedVersion: 0 });
    await expect(records().put('a', { data: '2' }, { expectedVersion: 0 })).rejects.toMatchObject(conflict);
    const second = await records().put('a', { data: '2' }, { expectedVersion: first });
    await expect(records().put('a', { data: '3' }, { expectedVersion: first })).rejects.toMatchObject(
      conflict,
    );
    await expect(records().delete('a', { expectedVersion: first })).rejects.toMatchObject(conflict);
    expect(await records().delete('a', { expectedVersion: second })).toBe(true);
    expect(await records().delete('a')).toBe(false);
  });

  it('[store.versions] never gives a key the same version twice, even deleted', async () => {
    const before = await records().put('a', { data: '1' });
    await records().delete('a');
    expect(await records().put('a', { data: '1' })).toBeGreaterThan(before);
  });

  it('lets one of two concurrent writers win', async () => {
    const version = await records().put('a', { data: '0' });
    const writes = ['1', '2'].map((data) => records().put('a', { data }, { expectedVersion: version }));
    const settled = await Promise.allSettled(writes);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('[store.claim] hands out due records, the longest due first, each to one claimer', async () => {
    await records().put('late', { data: '0', dueAtMs: 2 });
    await records().put('later', { data: '0', dueAtMs: 3 });
    await records().put('latest', { data: '0', dueAtMs: 1 });
    await records().put('not yet', { data: '0', dueAtMs: Date.now() + 60_000 });
    await records().put('never', { data: '0' });
    const { records: first } = await records().claimDue({ owner: 'one', leaseMs: 60_000, limit: 2 });
    const { records: second } = await records().claimDue({ owner: 'two', leaseMs: 60_000, limit: 9 });
    expect(first.map(({ key, lease }) => [key, lease?.owner])).toEqual([
      ['latest', 'one'],
      ['late', 'one'],
    ]);
    expect(second.map(({ key, lease }) => [key, lease?.owner])).toEqual([['later', 'two']]);
  });

  it('[store.next-due] says when a record that it did not hand out will be due', async () => {
    const claim = (limit: number, leaseMs = 60_000) => records().claimDue({ owner: 'one', leaseMs, limit });
    expect(await claim(9)).toEqual({ records: [] });
    await records().put('never', { data: '0' });
    const soonMs = Date.now() + 60_000;
    await records().put('soon', { data: '0', dueAtMs: soonMs });
    expect(await claim(9)).toEqual({ records: [], nextDueAtMs: soonMs });
    await records().put('now', { data: '0', dueAtMs: 7 });
    expect(await claim(0)).toEqual({ records: [], nextDueAtMs: 7 });
    const { records: claimed, nextDueAtMs } = await claim(9, 30_000);
    expect(nextDueAtMs).toBe(soonMs);
    // Under a lease it is due again when that ends, which is before `soon`.
    expect((await claim(9)).nextDueAtMs).toBe(claimed[0]?.lease?.untilMs);
  });

  it('[store.fence] fences a late holder by the version', async () => {
    await records().put('a', { data: '0', dueAtMs: 1 });
    const [late] = (await records().claimDue({ owner: 'late', leaseMs: 0, limit: 1 })).records;
    const [next] = (await records().claimDue({ owner: 'next', leaseMs: 60_000, limit: 1 })).records;
    const done = (version = 0) => records().put('a', { data: '"done"' }, { expectedVersion: version });
    await expect(done(late?.version)).rejects.toMatchObject(conflict);
    await done(next?.version);
    expect(await records().get('a')).not.toHaveProperty('lease');
  });
}
