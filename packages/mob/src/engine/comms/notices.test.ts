import { FaultyStorage, unavailable } from '@mobkit/contract-kit';
import type { MobDefinition, MobHandle } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel, userTexts } from '../../../test/fake-model.js';
import { memoryStorage, openTestMob, testDefinition } from '../../../test/open-test-mob.js';

const worker = testDefinition.profiles['worker']!;

const definition: MobDefinition = {
  ...testDefinition,
  profiles: {
    ...testDefinition.profiles,
    never: { ...worker, max_inline_peer_notifications: 0 },
    few: { ...worker, max_inline_peer_notifications: 2 },
  },
};

async function crew(options: Parameters<typeof openTestMob>[0] = {}, profile = 'worker') {
  const model = fakeModel();
  const opened = await openTestMob({ definition, model, maxSessions: 100, ...options });
  const { mob } = opened;
  await mob.spawn({ identity: 'one', profile });
  for (const identity of ['two', 'three', 'four']) await mob.spawn({ identity, profile: 'worker' });
  return { ...opened, model, read: reading(mob, model) };
}

/** What `one` reads with a message, beside what it read before. */
function reading(mob: MobHandle, model: ReturnType<typeof fakeModel>) {
  return async (text: string) => {
    const before = userTexts(model.requests.at(-1)?.messages ?? []).length;
    await mob.send('one', text);
    await mob.whenIdle();
    return userTexts(model.requests.at(-1)?.messages ?? []).slice(before);
  };
}

it('[comms.notices] tells who joined, left or is a peer no more in one message before the next, and begins no turn for it', async () => {
  const { mob, read, events } = await crew();
  await mob.wire('one', 'two');
  expect(await read('a')).toEqual(['[message from user]\na']);
  await mob.wireMany([
    { a: 'one', b: 'three' },
    { a: 'one', b: 'four' },
  ]);
  await mob.unwire('one', 'two');
  await mob.unwire('one', 'three');
  await mob.whenIdle();
  expect(events.filter(({ payload }) => payload.type === 'run_started')).toHaveLength(1);
  expect(await read('b')).toEqual([
    '[peers]\nmob.peer_added: four\nmob.peer_unwired: two',
    '[message from user]\nb',
  ]);
  await mob.retire('four');
  await mob.wireExternal('one', { peerId: 'p', name: 'far', address: 'tcp://x', pubkey: Array(32).fill(1) });
  expect(await read('c')).toEqual([
    '[peers]\nmob.peer_added: far\nmob.peer_retired: four',
    '[message from user]\nc',
  ]);
  expect(await read('d')).toEqual(['[message from user]\nd']);
});

it('[comms.notices-limit] tells a member only while it has no more peers than its profile says, and names at most twenty', async () => {
  for (const profile of ['never', 'few']) {
    const { mob, read } = await crew({}, profile);
    await read('a');
    await mob.wireMany(['two', 'three', 'four'].map((b) => ({ a: 'one', b })));
    expect(await read('b')).toEqual(['[message from user]\nb']);
  }
  const few = await crew({}, 'few');
  await few.read('a');
  await few.mob.wire('one', 'two');
  expect(await few.read('b')).toHaveLength(2);
  const { mob, read } = await crew();
  await read('a');
  const others = Array.from({ length: 30 }, (_, at) => `w${at + 10}`);
  await Promise.all(others.map((identity) => mob.spawn({ identity, profile: 'worker' })));
  await mob.wireMany(others.map((b) => ({ a: 'one', b })));
  expect((await read('b'))[0]).toBe(
    `[peers]\nmob.peer_added: ${others.slice(0, 20).join(', ')} and 10 more, \`peers\` lists who is there`,
  );
});

it('[comms.notices-kept] tells after a restart what was not told before, and nothing twice', async () => {
  const storage = await memoryStorage();
  const { mob, read } = await crew({ storage });
  await read('a');
  await mob.wire('one', 'two');
  await read('b');
  await mob.wire('one', 'three');
  await mob.shutdown();
  const model = fakeModel();
  const again = await openTestMob({ storage, definition, model });
  const readAgain = reading(again.mob, model);
  expect((await readAgain('c')).slice(-2)).toEqual([
    '[peers]\nmob.peer_added: three',
    '[message from user]\nc',
  ]);
  expect(await readAgain('d')).toEqual(['[message from user]\nd']);
});

it('[comms.notices-kept] tells again what was told in a run that could not be kept', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob, read, model } = await crew({ storage });
  await read('a');
  await mob.wire('one', 'two');
  let refused = false;
  storage.beforeCommit = ({ appends = [] }) => {
    if (refused || appends.length === 0) return;
    refused = true;
    throw Object.assign(unavailable(), { retryable: false });
  };
  await read('b');
  storage.beforeCommit = () => {};
  await mob.send('one', 'c');
  await mob.whenIdle();
  expect(userTexts(model.requests.at(-1)!.messages).slice(-2)).toEqual([
    '[peers]\nmob.peer_added: two',
    '[message from user]\nc',
  ]);
});
