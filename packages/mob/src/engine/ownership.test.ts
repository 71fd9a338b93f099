import { ManualClock } from '@mobkit/contract-kit';
import { isMobError, MobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { fakeModel, hasResults, toolCalls } from '../../test/fake-model.js';
import { kindsOf, memoryStorage, openTestMob } from '../../test/open-test-mob.js';
import { advanceUntil, SharedStorage } from '../../test/shared-storage.js';

async function twoProcesses() {
  const inner = await memoryStorage();
  return { clock: new ManualClock(1_000), one: new SharedStorage(inner), two: new SharedStorage(inner) };
}

function unavailable(): MobError {
  return new MobError('MOB_STORE_UNAVAILABLE', 'away', { retryable: true });
}

/** Lets what is under way happen, without time. */
async function turns(many = 20): Promise<void> {
  for (let turn = 0; turn < many; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

it('[ownership.wait] stands by while another runs the mob, says for whom it waits, and takes it a second after that has ended', async () => {
  const { clock, one, two } = await twoProcesses();
  const first = await openTestMob({ storage: one, clock, owner: 'first' });
  await first.mob.spawn({ identity: 'kept', profile: 'worker' });
  const held: unknown[] = [];
  const second = openTestMob({
    storage: two,
    clock,
    owner: 'second',
    whenHeld: 'wait',
    onHeld: ({ code, details }) => void held.push([code, details['owner']]),
  });
  for (let passed = 0; passed < 30; passed += 1) {
    clock.advance(1_000);
    await turns();
  }
  expect(await first.mob.status()).toBe('Running');
  expect(held).toEqual([['MOB_LEASE_HELD', 'first']]);
  await first.mob.shutdown();
  clock.advance(1_000);
  const { mob } = await second;
  expect(mob.members().map(({ identity }) => identity)).toEqual(['kept']);
  expect(first.losses).toEqual([]);
  await mob.shutdown();
});

it('[ownership.wait-end] gives up standing by when it is told to, and leaves nothing', async () => {
  const { clock, one, two } = await twoProcesses();
  const { mob } = await openTestMob({ storage: one, clock });
  for (const whenHeld of ['wait', 'ask'] as const) {
    const stopping = new AbortController();
    const waiting = openTestMob({ storage: two, clock, whenHeld, signal: stopping.signal });
    await turns();
    stopping.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
  }
  for (let passed = 0; passed < 5; passed += 1) {
    clock.advance(1_000);
    await turns();
  }
  // Nobody asks for it any more.
  expect(await mob.status()).toBe('Running');
  await mob.shutdown();
  expect(clock.waiting).toBe(0);
});

it('[ownership.wait-outage] stands by through a storage that is away, and does not take the owner for dead meanwhile', async () => {
  const { clock, one, two } = await twoProcesses();
  const first = await openTestMob({ storage: one, clock });
  const second = openTestMob({ storage: two, clock, whenHeld: 'wait' });
  await turns();
  const { delay } = two;
  two.delay = () => Promise.reject(unavailable());
  for (let passed = 0; passed < 20; passed += 1) {
    clock.advance(1_000);
    await turns();
  }
  two.delay = delay;
  clock.advance(1_000);
  await turns();
  expect(await first.mob.status()).toBe('Running');
  await first.mob.shutdown();
  clock.advance(1_000);
  await (await second).mob.shutdown();
});

it('[ownership.ask] hands the mob to who asks for it, in order, and to nobody else who waits', async () => {
  const { clock, one, two } = await twoProcesses();
  const first = await openTestMob({ storage: one, clock, owner: 'first' });
  await first.mob.spawn({ identity: 'kept', profile: 'worker' });
  const asking = openTestMob({ storage: two, clock, owner: 'second', whenHeld: 'ask' });
  await turns();
  // So that it looks first when the mob is free.
  clock.advance(500);
  await turns();
  const stopping = new AbortController();
  const bystander = openTestMob({ storage: two, clock, whenHeld: 'wait', signal: stopping.signal });
  bystander.catch(() => {});
  await turns();
  const { value: second } = (await advanceUntil(clock, asking)) as PromiseFulfilledResult<
    Awaited<typeof asking>
  >;
  expect(second.mob.members()).toHaveLength(1);
  expect(first.losses).toMatchObject([{ code: 'MOB_LEASE_LOST', details: { owner: 'second', asked: true } }]);
  expect(first.errors).toEqual([
    { category: 'lease_lost', owner: 'second', error: expect.stringContaining('second') as unknown },
  ]);
  await expect(first.mob.spawn({ identity: 'late', profile: 'worker' })).rejects.toMatchObject({
    code: 'MOB_INVALID_TRANSITION',
  });
  await second.mob.spawn({ identity: 'more', profile: 'worker' });
  stopping.abort(new Error('enough'));
  await expect(bystander).rejects.toThrow('enough');
  await second.mob.shutdown();
});

it('[ownership.force] takes the mob at once from an owner that lives, which steps down and names the new one', async () => {
  const { clock, one, two } = await twoProcesses();
  const first = await openTestMob({ storage: one, clock, owner: 'first' });
  const second = await openTestMob({ storage: two, clock, owner: 'second', whenHeld: 'force' });
  expect(clock.now()).toBe(1_000);
  clock.advance(2_000);
  await expect.poll(() => first.losses).toHaveLength(1);
  expect(first.losses).toMatchObject([
    { code: 'MOB_LEASE_LOST', details: { mobId: 'crew', owner: 'second' } },
  ]);
  expect(first.losses[0]?.details['asked']).toBeUndefined();
  await first.mob.shutdown();
  expect(await second.mob.status()).toBe('Running');
  await second.mob.shutdown();
});

it('[ownership.fence] keeps nothing of an engine that lost the mob, whichever of the two writes first', async () => {
  for (const write of ['spawn', 'send', 'stop'] as const) {
    const { clock, one, two } = await twoProcesses();
    const first = await openTestMob({ storage: one, clock, owner: 'first' });
    await first.mob.spawn({ identity: 'kept', profile: 'worker' });
    const second = await openTestMob({ storage: two, clock, owner: 'second', whenHeld: 'force' });
    // It does not know yet, and the new one has written nothing to the ledger that could be in its way.
    const late =
      write === 'spawn'
        ? first.mob.spawn({ identity: 'late', profile: 'worker' })
        : write === 'send'
          ? first.mob.send('kept', 'late')
          : first.mob.stop();
    await expect(late).rejects.toSatisfy((error) => isMobError(error, 'MOB_CONFLICT'));
    await expect.poll(() => first.losses).toMatchObject([{ details: { owner: 'second' } }]);
    await second.mob.spawn({ identity: 'more', profile: 'worker' });
    expect(await kindsOf(second.mob)).toEqual(['mob_created', 'member_spawned', 'member_spawned']);
    expect(await second.mob.status()).toBe('Running');
    expect(second.losses).toEqual([]);
    await first.mob.shutdown();
    await second.mob.shutdown();
  }
});

it('[ownership.children] gives the mobs that agents made to whoever has the mob they were made in, at once', async () => {
  const { clock, one, two } = await twoProcesses();
  const profile = { model: 'fake', external_addressable: true, runtime_mode: 'turn_driven' } as const;
  const child = {
    id: 'child',
    profiles: { worker: { ...profile, tools: { comms: true } } },
    members: [{ identity: 'one', profile: 'worker' }],
  };
  const definition = { id: 'parent', profiles: { boss: { ...profile, tools: { comms: true, mob: true } } } };
  const model = fakeModel((said, request) =>
    said.includes('make') && !hasResults(request) ? toolCalls(['mob_create', { definition: child }]) : 'done',
  );
  const first = await openTestMob({ storage: one, clock, definition, model, owner: 'first' });
  await first.mob.spawn({ identity: 'boss', profile: 'boss' });
  await first.mob.send('boss', 'make');
  await first.mob.whenIdle();
  expect(first.engine.childMobs?.handles().size).toBe(1);
  const beganMs = clock.now();
  const second = await openTestMob({ storage: two, clock, definition, model, whenHeld: 'force' });
  expect(clock.now()).toBe(beganMs);
  expect(second.engine.childMobs?.handles().get('child')?.members()).toHaveLength(1);
  clock.advance(2_000);
  await expect.poll(() => first.engine.childMobs?.handles().size).toBe(0);
  await first.mob.shutdown();
  expect(await second.engine.childMobs?.handles().get('child')?.status()).toBe('Running');
  await second.mob.shutdown();
});
