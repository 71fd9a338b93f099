import { type Storage, tail } from '@mobkit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { expectNoLoss } from './concurrent-appenders.js';
import type { Harness, Opened } from './harness.js';
import { awkwardJson, entry, testLog, testRecords } from './makers.js';
import { describeOrderedLog } from './ordered-log.js';
import { describeRecordStore } from './record-store.js';

/** Registers the tests every `Storage` passes. Call it at the top level of a vitest file. */
export function describeStorage(harness: Harness<{ readonly storage: Storage }>): void {
  const { supports } = harness;
  const reopens = harness.reopen !== undefined;

  describe(`Storage contract: ${harness.name}`, () => {
    let opened: Opened<{ readonly storage: Storage }>;
    const storage = () => opened.storage;
    beforeEach(async () => {
      opened = await harness.open();
      await storage().prepare([testLog, testRecords]);
    });
    afterEach(() => opened.close());

    describeOrderedLog(storage);
    describeRecordStore(storage);

    it('supports what the harness says', () => {
      expect(storage().supports).toMatchObject({ durable: reopens, ...supports });
    });

    it('[store.prepare] takes preparing again, at once from several places, and with new fields', async () => {
      await storage()
        .log(testLog)
        .append([entry('a')]);
      const wider = { ...testLog, fields: { ...testLog.fields, weight: 'integer' } } as const;
      await Promise.all([
        storage().prepare([wider]),
        storage().prepare([testLog]),
        storage().prepare([wider]),
      ]);
      await storage()
        .log(wider)
        .append([entry('b', { fields: { weight: 3 } })]);
      const { entries } = await storage()
        .log(wider)
        .read({ where: { weight: 3 } });
      expect(entries).toMatchObject([{ seq: 2, id: 'b', fields: { weight: 3 } }]);
    });

    it('[store.contents] says what it holds, prepared here or not', async () => {
      const empty = { ...testLog, name: 'test_empty' };
      await storage().prepare([empty]);
      for (const partition of ['b', 'a'])
        await storage()
          .log(testLog, partition)
          .append([entry('a')]);
      await storage().log(testLog, 'none').append([]);
      const { logs, records } = await storage().contents();
      const own = logs.filter(({ definition }) => definition.name.startsWith('test_'));
      expect(own).toEqual([
        { definition: empty, partitions: [] },
        { definition: testLog, partitions: ['a', 'b'] },
      ]);
      expect(records).toContainEqual(testRecords);
      expect(records.map(({ name }) => name)).toEqual(records.map(({ name }) => name).toSorted());
    });

    it('refuses a name it was not prepared for, and names that are not', async () => {
      expect(() => storage().log({ ...testLog, name: 'other' })).toThrow(TypeError);
      await expect(storage().prepare([{ ...testLog, name: 'x"; drop' }])).rejects.toThrow(TypeError);
      const clash = storage().prepare([{ ...testLog, fields: { color: 'integer' } }]);
      await expect(clash).rejects.toMatchObject({ code: 'MOB_CONFIG_INVALID' });
    });

    it('commits puts, deletes and appends together', async () => {
      await storage().records(testRecords).put('old', { data: '0' });
      const written = await storage().commit({
        puts: [{ records: testRecords, key: 'new', record: { data: '1' }, expectedVersion: 0 }],
        deletes: [{ records: testRecords, key: 'old' }],
        appends: [
          { log: testLog, partition: 'two', entries: [entry('a')] },
          { log: testLog, partition: 'one', entries: [entry('a'), entry('b')] },
        ],
      });
      expect(written.deleted).toEqual([true]);
      expect(written.appended.map(({ lastSeq }) => lastSeq)).toEqual([1, 2]);
      expect(await storage().records(testRecords).get('new')).toMatchObject({ version: written.versions[0] });
      expect(await storage().records(testRecords).get('old')).toBeUndefined();
    });

    it('[store.atomic] commits nothing when one expectation fails', async () => {
      const commit = storage().commit({
        puts: [{ records: testRecords, key: 'a', record: { data: '1' } }],
        appends: [
          { log: testLog, partition: 'one', entries: [entry('a')] },
          { log: testLog, partition: 'two', entries: [entry('a')], expectedLastSeq: 7 },
        ],
      });
      await expect(commit).rejects.toMatchObject({ code: 'MOB_CONFLICT' });
      expect(await storage().records(testRecords).get('a')).toBeUndefined();
      expect(await storage().log(testLog, 'one').bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
    });

    it('refuses a commit that names a record or a partition twice', async () => {
      const append = { log: testLog, partition: 'one', entries: [entry('a')] };
      const put = { records: testRecords, key: 'a', record: { data: '1' } };
      await expect(storage().commit({ appends: [append, append] })).rejects.toThrow(TypeError);
      await expect(storage().commit({ puts: [put], deletes: [put] })).rejects.toThrow(TypeError);
      expect(await storage().commit({})).toEqual({ versions: [], deleted: [], appended: [] });
      expect(await storage().log(testLog, 'one').bounds()).toEqual({ firstSeq: 1, lastSeq: 0 });
    });

    it('[store.concurrent] loses, doubles and reorders nothing under concurrent appenders', async () => {
      const log = () => storage().log(testLog);
      await expectNoLoss([log(), log(), log(), log()]);
    });

    // Registered only where they apply, so that no report says skipped.
    const { reopen } = harness;
    if (reopen) {
      describeReopened(storage, async () => {
        await opened.close();
        opened = await reopen();
        return opened.storage;
      });
    }
    if (reopen && supports?.processes === 'many') describeProcesses(storage, reopen);

    it('[store.close] closes twice, refuses calls after it and lets no reader wait', async () => {
      const log = storage().log(testLog);
      const waiting = tail(log, { afterSeq: 0 })
        .next()
        .catch((error: unknown) => error);
      await log.read({});
      await opened.close();
      await opened.close();
      expect(await waiting).toBeInstanceOf(TypeError);
      await expect(log.read({})).rejects.toThrow(TypeError);
    });
  });
}

function describeReopened(storage: () => Storage, reopen: () => Promise<Storage>): void {
  it('[store.reopen] goes on where it was after closing', async () => {
    await storage()
      .log(testLog)
      .append([entry('a', { data: awkwardJson }), entry('b')]);
    await storage().log(testLog).prune({ seq: 2 });
    const version = await storage().records(testRecords).put('a', { data: '1' });
    await storage().records(testRecords).delete('a');
    const reopened = await reopen();
    await reopened.prepare([testLog, testRecords]);
    const log = reopened.log(testLog);
    expect(await log.bounds()).toEqual({ firstSeq: 2, lastSeq: 2 });
    expect(await log.append([entry('b'), entry('c')])).toEqual({
      stored: 1,
      duplicates: ['b'],
      lastSeq: 3,
    });
    expect(await reopened.records(testRecords).put('a', { data: '1' })).toBeGreaterThan(version);
  });
}

function describeProcesses(
  storage: () => Storage,
  open: () => Promise<Opened<{ readonly storage: Storage }>>,
): void {
  it('loses, doubles and reorders nothing under several processes', async () => {
    const others = await Promise.all([open(), open()]);
    await Promise.all(others.map((other) => other.storage.prepare([testLog])));
    await expectNoLoss([storage().log(testLog), ...others.map((other) => other.storage.log(testLog))]);
    await Promise.all(others.map((other) => other.close()));
  });
}
