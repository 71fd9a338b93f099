import { FaultyStorage, unavailable } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { fakeModel, hasResults, toolCalls, userTexts } from '../../../test/fake-model.js';
import { Gate } from '../../../test/gate.js';
import {
  kindsOf,
  ledgerOf,
  memoryStorage,
  openTestMob,
  testDefinition,
} from '../../../test/open-test-mob.js';
import { readRoster } from '../../ledger/read-roster.js';
import { inputsDefinition } from '../../members/input.js';
import type { MobHandle } from '@mobkit/core/mob';

/** `one` writes to `two`, who is turn-driven: what it is sent waits. */
const writer = () =>
  fakeModel((said, request) =>
    request.agent.identity === 'one' && !hasResults(request)
      ? toolCalls(['send_message', { peer_id: 'two', body: `about ${said}` }])
      : said,
  );

async function crew(options: Parameters<typeof openTestMob>[0] = {}) {
  const opened = await openTestMob(options);
  const { mob } = opened;
  for (const identity of ['one', 'two', 'three']) await mob.spawn({ identity, profile: 'worker' });
  return opened;
}

const wires = (mob: MobHandle) =>
  mob.members().map(({ identity, wiredTo }) => [identity, ...wiredTo].join(' '));

it('[comms.unwire] takes a wire away for both with one event, however often it is asked', async () => {
  const { mob, storage } = await crew();
  await mob.wire('one', 'two');
  await mob.wire('three', 'two');
  await mob.unwire('two', 'one');
  await Promise.all([mob.unwire('one', 'two'), mob.unwire('one', 'three')]);
  expect(wires(mob)).toEqual(['one', 'three two', 'two three']);
  expect(await ledgerOf(mob)).toMatchObject([
    ...Array.from({ length: 6 }, () => ({})),
    { kind: { type: 'members_unwired', a: 'one', b: 'two' } },
  ]);
  expect(await readRoster(storage)).toEqual(mob.members());
  await expect(mob.unwire('one', 'nobody')).rejects.toMatchObject({ code: 'MOB_MEMBER_NOT_FOUND' });
  await expect(mob.unwire('one', 'one')).rejects.toMatchObject({ code: 'MOB_WIRING_INVALID' });
});

it('[comms.unwire-pending] removes what waits over the wire in the same step, and nothing else', async () => {
  const model = writer();
  const { mob, storage } = await crew({ model });
  await mob.wire('one', 'two');
  await mob.wire('two', 'three');
  await mob.send('one', 'go');
  await mob.whenIdle();
  const waiting = async () => (await storage.records(inputsDefinition).list({})).records.length;
  expect(await waiting()).toBe(1);
  await mob.unwire('two', 'three');
  expect(await waiting()).toBe(1);
  await mob.unwire('one', 'two');
  expect(await waiting()).toBe(0);
  await mob.send('two', 'anything new?');
  await mob.whenIdle();
  expect(userTexts(model.requests.at(-1)?.messages ?? []).join()).not.toContain('about');
  await mob.send('one', 'again');
  await mob.whenIdle();
  expect(model.requests.at(-1)?.messages.at(-1)).toMatchObject({
    isError: true,
    content: expect.stringMatching(/^MOB_PEER_UNTRUSTED/),
  });
});

it('[comms.unwire-pending] takes no message that is under way while the wire goes', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const model = writer();
  const { mob } = await crew({ storage, model });
  await mob.wire('one', 'two');
  const keeping = new Gate();
  storage.beforeCommit = async ({ puts = [] }) => {
    if (puts.some(({ record }) => record.data.includes('about'))) await keeping.wait();
  };
  await mob.send('one', 'go');
  await keeping.reached;
  const unwired = mob.unwire('one', 'two');
  keeping.open();
  await unwired;
  await mob.whenIdle();
  expect((await storage.records(inputsDefinition).list({})).records).toEqual([]);
});

it('[comms.unwire-refused] leaves wire and messages as they were when it cannot be kept', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const model = writer();
  const { mob } = await crew({ storage, model });
  await mob.wire('one', 'two');
  await mob.send('one', 'go');
  await mob.whenIdle();
  storage.beforeCommit = () => {
    throw unavailable();
  };
  await expect(mob.unwire('one', 'two')).rejects.toMatchObject({ retryable: true });
  storage.beforeCommit = () => {};
  expect(wires(mob)).toEqual(['one two', 'three', 'two one']);
  await mob.send('two', 'and?');
  await mob.whenIdle();
  expect(userTexts(model.requests.at(-1)?.messages ?? []).join()).toContain('about');
});

it('[comms.wire-many] wires many pairs in one event, all or none', async () => {
  const { mob } = await crew();
  await mob.wire('one', 'two');
  const three = { a: 'three', b: 'one' };
  for (const [b, code] of [
    ['nobody', 'MOB_MEMBER_NOT_FOUND'],
    ['three', 'MOB_WIRING_INVALID'],
  ] as const) {
    await expect(mob.wireMany([three, { a: 'three', b }])).rejects.toMatchObject({ code });
  }
  expect(wires(mob)).toEqual(['one two', 'three', 'two one']);
  await mob.wireMany([three, { a: 'one', b: 'two' }, { a: 'one', b: 'three' }, { a: 'three', b: 'two' }]);
  await mob.wireMany([three]);
  await mob.wireMany([]);
  expect((await ledgerOf(mob)).at(-1)?.kind).toEqual({
    type: 'members_wired_batch',
    edges: [
      { a: 'one', b: 'three' },
      { a: 'three', b: 'two' },
    ],
  });
  expect((await kindsOf(mob)).filter((kind) => kind === 'members_wired_batch')).toHaveLength(1);
});

it('[comms.wire-many-size] wires 300 members to 150 others in one go, and knows them after a restart', async () => {
  const { mob, storage } = await openTestMob({ maxSessions: 450, start: false });
  const names = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at}`);
  const [left, right] = [names('l', 300), names('r', 150)];
  await Promise.all([...left, ...right].map((identity) => mob.spawn({ identity, profile: 'worker' })));
  await mob.wireMany(left.flatMap((a) => right.map((b) => ({ a, b }))));
  for (const { identity, wiredTo } of mob.members()) {
    expect(wiredTo).toHaveLength(identity.startsWith('l') ? 150 : 300);
  }
  expect((await kindsOf(mob)).at(-1)).toBe('members_wired_batch');
  await mob.shutdown();
  const again = await openTestMob({ storage, definition: testDefinition, maxSessions: 450, start: false });
  expect(again.mob.members()).toEqual(mob.members());
});
