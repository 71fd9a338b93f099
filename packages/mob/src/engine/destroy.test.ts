import { appends, FaultyStorage, unavailable } from '@mobkit/contract-kit';
import type { Storage } from '@mobkit/core';
import type { MobEvent } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { memoryStorage, openTestMob, testDefinition } from '../../test/open-test-mob.js';

/** Everything a storage still holds: entries of logs and records, by name. */
async function left(storage: Storage): Promise<readonly string[]> {
  const { logs, records } = await storage.contents();
  const found: string[] = [];
  for (const { definition, partitions } of logs) {
    for (const partition of partitions) {
      const { entries } = await storage.log(definition, partition).read({});
      found.push(...entries.map(({ id }) => `${definition.name} ${id}`));
    }
  }
  for (const definition of records) {
    const page = await storage.records(definition).list({});
    found.push(...page.records.map(({ key }) => `${definition.name} ${key}`));
  }
  return found;
}

async function workedMob(storage?: Storage) {
  const opened = await openTestMob(storage ? { storage } : {});
  await opened.mob.spawnMany([
    { identity: 'one', profile: 'worker' },
    { identity: 'two', profile: 'worker' },
    { identity: 'gone', profile: 'worker' },
  ]);
  await opened.mob.send('one', 'Hello');
  await opened.mob.whenIdle();
  await opened.mob.retire('gone');
  return opened;
}

it.each(['Running', 'Stopped', 'Completed'] as const)(
  '[lifecycle.destroy] leaves nothing in the storage, from %s, and is the end',
  async (state) => {
    const { mob, storage } = await workedMob();
    if (state === 'Stopped') await mob.stop();
    if (state === 'Completed') await mob.complete();
    expect(await mob.destroy()).toEqual({
      forceDestroyedMembers: [],
      sessionsCleared: true,
      eventsCleared: true,
      errors: [],
    });
    expect(await left(storage)).toEqual([]);
    expect(await mob.status()).toBe('Destroyed');
    await expect(mob.reset()).rejects.toMatchObject({ code: 'MOB_INVALID_TRANSITION' });
    await expect(mob.destroy()).rejects.toMatchObject({ code: 'MOB_INVALID_TRANSITION' });
  },
);

it('[lifecycle.destroy-cursors] goes on with cursors and fences when a mob of that id is made again', async () => {
  const { mob, storage } = await workedMob();
  await mob.destroy();
  const cursor = await mob.events.latestCursor();
  const again = await openTestMob({ storage, definition: { ...testDefinition, skills: {} } });
  expect(again.report).toMatchObject({ resumed: false, destroyFinished: false });
  const { events } = await again.mob.events.query({ afterCursor: 0 });
  expect(events).toMatchObject([{ cursor: cursor + 1, kind: { type: 'mob_created' } }]);
  expect((await again.mob.spawn({ identity: 'one', profile: 'worker' })).fenceToken).toBeGreaterThan(3);
  await expect(again.mob.events.query({ afterCursor: 2 })).rejects.toMatchObject({
    code: 'MOB_CURSOR_STALE',
  });
  await again.mob.shutdown();
  const resumed = await openTestMob({ storage, definition: { ...testDefinition, skills: {} } });
  expect(resumed.mob.members()).toMatchObject([{ identity: 'one', generation: 0 }]);
});

it('[lifecycle.destroy-readers] lets those who follow the ledger read its end', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const log = storage.log.bind(storage);
  storage.log = (...given) => {
    const inner = log(...given);
    const read: typeof inner.read = async (query) => {
      for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
      return inner.read(query);
    };
    return { ...inner, read };
  };
  const { mob } = await workedMob(storage);
  const seen: MobEvent[] = [];
  const end = new AbortController();
  const reading = (async () => {
    for await (const event of mob.events.tail({ afterCursor: 0, signal: end.signal })) {
      seen.push(event);
      if (event.kind.type === 'mob_destroy_storage_finalizing') end.abort();
    }
  })();
  await mob.destroy();
  await reading;
  expect(seen.slice(-4).map(({ kind }) => kind.type)).toEqual([
    'mob_destroying',
    'member_retired',
    'member_retired',
    'mob_destroy_storage_finalizing',
  ]);
});

it('[lifecycle.destroy-retry] says what is left when the storage fails, and removes it when it is called again', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob } = await workedMob(storage);
  storage.beforeCommit = (write) => {
    if (appends(write, 'member_retired')) throw unavailable();
    if (write.deletes?.some(({ records }) => records.name === 'mob_sessions')) throw unavailable();
  };
  await expect(mob.destroy()).rejects.toMatchObject({
    code: 'MOB_DESTROY_INCOMPLETE',
    retryable: true,
    details: {
      report: { forceDestroyedMembers: ['one', 'two'], sessionsCleared: false, eventsCleared: false },
    },
  });
  expect(await mob.status()).toBe('Destroyed');
  await expect(mob.spawn({ identity: 'new', profile: 'worker' })).rejects.toMatchObject({
    code: 'MOB_INVALID_TRANSITION',
  });
  storage.beforeCommit = () => {};
  expect(await mob.destroy()).toMatchObject({ forceDestroyedMembers: ['one', 'two'], eventsCleared: true });
  expect(await left(storage)).toEqual([]);
});

it('[lifecycle.destroy-nothing] is as it was when it cannot even be kept that it is being destroyed', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob } = await workedMob(storage);
  storage.beforeCommit = (write) => {
    if (appends(write, 'mob_destroying')) throw unavailable();
  };
  await expect(mob.destroy()).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
  expect(await mob.status()).toBe('Running');
  await mob.send('one', 'Hello');
  await mob.whenIdle();
});

it('[lifecycle.destroy-crash] finishes a destroy that a crash cut short when it is opened, then creates the mob anew', async () => {
  const inner = await memoryStorage();
  const storage = new FaultyStorage(inner);
  const { mob } = await workedMob(storage);
  const killed = new Promise<void>((resolve) => {
    storage.beforeCommit = (write) => {
      if (!appends(write, 'mob_destroy_storage_finalizing')) return;
      storage.sever();
      resolve();
      throw unavailable();
    };
  });
  void mob.destroy();
  await killed;
  const again = await openTestMob({ storage: inner });
  expect(again.report).toMatchObject({ resumed: false, destroyFinished: true });
  expect(await again.mob.status()).toBe('Running');
  expect(again.mob.members()).toEqual([]);
  expect(await left(inner)).toHaveLength(1);
});

it('[lifecycle.destroy-crash] does not open the mob while what is left of it cannot be removed', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob } = await workedMob(storage);
  storage.beforeCommit = (write) => {
    if (write.deletes?.some(({ records }) => records.name === 'mob_sessions')) throw unavailable();
  };
  await expect(mob.destroy()).rejects.toMatchObject({ code: 'MOB_DESTROY_INCOMPLETE' });
  await expect(openTestMob({ storage })).rejects.toMatchObject({ code: 'MOB_DESTROY_INCOMPLETE' });
});

it('[lifecycle.destroy-others] touches nothing of other mobs', async () => {
  const { mob, storage } = await workedMob();
  const other = await openTestMob({ storage, definition: { ...testDefinition, id: 'other' } });
  await other.mob.spawn({ identity: 'one', profile: 'worker' });
  await other.mob.send('one', 'Hello');
  await other.mob.whenIdle();
  await mob.destroy();
  await other.mob.shutdown();
  const again = await openTestMob({ storage, definition: { ...testDefinition, id: 'other' } });
  expect(again.mob.members()).toMatchObject([{ identity: 'one', status: 'active' }]);
});
