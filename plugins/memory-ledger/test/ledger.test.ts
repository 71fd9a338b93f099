import { FaultyStorage, ManualClock, unavailable } from '@mobkit/contract-kit';
import { MobError, type StorageWrite } from '@mobkit/core';
import { assemble, tokens } from '@mobkit/di';
import { openMemoryLedger } from '@mobkit/memory-ledger';
import { memoryLedger } from '@mobkit/memory-ledger/plugin';
import { openMemoryStores } from '@mobkit/store-memory';
import { storeMemory } from '@mobkit/store-memory/plugin';
import { expect, it } from 'vitest';

const about = { entity: 'checkout', topic: 'status' };

async function overFaulty() {
  const { storage } = await openMemoryStores();
  const faulty = new FaultyStorage(storage);
  return { storage, faulty, ledger: await openMemoryLedger({ storage: faulty }) };
}

it('[memory.unavailable] says so when the storage does not answer, and has kept nothing', async () => {
  const { storage, faulty, ledger } = await overFaulty();
  const away = () => {
    throw unavailable();
  };
  faulty.beforeRead = away;
  faulty.beforeCommit = away;
  const said = expect.objectContaining({
    code: 'MOB_MEMORY_UNAVAILABLE',
    message: 'Memory backend unavailable: the storage is away',
    retryable: true,
  }) as Error;
  await expect(ledger.index({ ...about, fact: 'down', conflict: true })).rejects.toThrow(said);
  await expect(ledger.query()).rejects.toThrow(said);
  await expect(ledger.stores()).rejects.toThrow(said);
  await expect(ledger.conflictFor(about)).rejects.toThrow(said);
  await expect(ledger.conflictCount()).rejects.toThrow(said);
  await expect(ledger.resolveConflict({ ...about, by: 'ann' })).rejects.toThrow(said);
  await expect(ledger.deleteAssertion('memory-assert-000000', { by: 'ann' })).rejects.toThrow(said);
  await expect(ledger.changes()).rejects.toThrow(said);
  faulty.beforeRead = () => {};
  await expect(ledger.index({ ...about, fact: 'down', conflict: true })).rejects.toThrow(said);
  const after = await openMemoryLedger({ storage });
  expect(await after.query()).toEqual({ assertions: [], conflicts: [], more: false });
  faulty.beforeCommit = () => {};
  expect(await ledger.index({ ...about, fact: 'up' })).toMatchObject({ assertionId: 'memory-assert-000000' });
});

it('[memory.unavailable] does not take a refusal of the storage for one that trying again would mend', async () => {
  const { faulty, ledger } = await overFaulty();
  faulty.beforeCommit = () => {
    throw new MobError('MOB_STORE_REFUSED', 'read only');
  };
  await expect(ledger.index({ ...about, fact: 'f' })).rejects.toThrow(
    expect.objectContaining({ code: 'MOB_MEMORY_UNAVAILABLE', retryable: false }) as Error,
  );
});

it('[memory.one-write] writes what is new and the counts, at the bound too, and reads no more than that needs', async () => {
  const { storage } = await openMemoryStores();
  const faulty = new FaultyStorage(storage);
  const ledger = await openMemoryLedger({ storage: faulty, maxAssertions: 3 });
  for (let n = 0; n < 3; n++) await ledger.index({ ...about, fact: `${n}` });
  const writes: StorageWrite[] = [];
  let reads = 0;
  faulty.beforeCommit = (write) => void writes.push(write);
  faulty.beforeRead = () => void reads++;
  await ledger.index({ ...about, fact: 'three', conflict: true });
  expect(
    writes.map(({ puts = [], deletes = [] }) => [puts, deletes].map((all) => all.map(({ key }) => key))),
  ).toEqual([
    [['0000000000000003', 'checkout\u0001status\u0001knowledge_graph', 'ledger'], ['0000000000000000']],
  ]);
  expect(JSON.stringify(writes).length).toBeLessThan(2_000);
  expect(reads).toBeLessThanOrEqual(4);
});

it('[memory.conflict-bound] refuses one conflict more than it keeps, and forgets none', async () => {
  const { storage } = await openMemoryStores();
  const ledger = await openMemoryLedger({ storage });
  for (let n = 0; n < 4096; n++) await ledger.index({ entity: `e${n}`, topic: 't', conflict: true });
  await expect(ledger.index({ entity: 'more', topic: 't', fact: 'f', conflict: true })).rejects.toThrow(
    expect.objectContaining({ code: 'MOB_REQUEST_INVALID', details: { field: 'conflict' } }) as Error,
  );
  expect((await ledger.query({ entity: 'more' })).assertions).toEqual([]);
  expect(await ledger.index({ entity: 'e7', topic: 't', conflict: true })).toMatchObject({
    conflictActive: true,
  });
  await ledger.resolveConflict({ entity: 'e0', topic: 't', by: 'ann' });
  await ledger.index({ entity: 'more', topic: 't', conflict: true });
  expect(await ledger.conflictCount()).toBe(4096);
});

it('[memory.retention] gives way a step at a time when the bound was lowered', async () => {
  const { storage } = await openMemoryStores();
  const before = await openMemoryLedger({ storage });
  for (let n = 0; n < 600; n++) await before.index({ ...about, fact: `${n}` });
  const after = await openMemoryLedger({ storage, maxAssertions: 10 });
  for (let n = 600; n < 603; n++) await after.index({ ...about, fact: `${n}` });
  const facts = (await after.query()).assertions.map(({ fact }) => fact);
  expect(facts).toEqual(Array.from({ length: 10 }, (_, n) => `${n + 593}`));
});

it('takes times from its clock, and refuses a bound that is none', async () => {
  const { storage } = await openMemoryStores();
  const ledger = await openMemoryLedger({ storage, clock: new ManualClock(7_000) });
  await ledger.index({ ...about, fact: 'f', conflict: true });
  await ledger.resolveConflict({ ...about, by: 'ann' });
  expect(await ledger.query()).toMatchObject({ assertions: [{ indexedAtMs: 7_000 }] });
  expect(await ledger.changes()).toMatchObject([{ timestampMs: 7_000 }]);
  for (const maxAssertions of [0, 1.5, 65_537]) {
    await expect(openMemoryLedger({ storage, maxAssertions })).rejects.toThrow(TypeError);
  }
});

it('[memory.plugin] provides the ledger over the storage', async () => {
  const app = assemble([storeMemory(), memoryLedger({ maxAssertions: 1 })]);
  await app.start();
  const ledger = app.container.resolve(tokens.memoryLedger);
  await ledger.index({ ...about, fact: 'one' });
  await ledger.index({ ...about, fact: 'two' });
  expect(await ledger.query()).toMatchObject({ assertions: [{ fact: 'two' }] });
  await app.stop();
});
