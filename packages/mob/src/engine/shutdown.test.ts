import { FaultyStorage, ManualClock, unavailable } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { fakeModel } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import { memoryStorage, openTestMob, typesOf } from '../../test/open-test-mob.js';

async function busyMob(clock: ManualClock) {
  const gate = new Gate();
  const opened = await openTestMob({ clock, model: fakeModel(async () => (await gate.wait(), 'at last')) });
  await opened.mob.spawn({ identity: 'one', profile: 'worker' });
  await opened.mob.send('one', 'slow');
  await opened.mob.send('one', 'waits');
  await gate.reached;
  return { ...opened, gate };
}

it('[mob.shutdown] lets runs end, keeps what waits for the next process, and refuses commands', async () => {
  const { mob, gate, events, storage } = await busyMob(new ManualClock());
  const report = mob.shutdown({ deadlineMs: 1_000 });
  expect(mob.shutdown()).toBe(report);
  expect(await mob.status()).toBe('Stopped');
  for (const refused of [
    mob.spawn({ identity: 'two', profile: 'nobody' }),
    mob.retire('nobody'),
    mob.wire('nobody', 'nobody'),
    mob.send('nobody', ''),
  ]) {
    await expect(refused).rejects.toMatchObject({ code: 'MOB_INVALID_TRANSITION' });
  }
  gate.open();
  expect(await report).toEqual({ interrupted: [], errors: [] });
  expect(typesOf(events, 'one').filter((type) => type.startsWith('run_'))).toEqual([
    'run_started',
    'run_completed',
  ]);
  await mob.whenIdle();

  const again = await openTestMob({ storage });
  await again.mob.whenIdle();
  expect(again.report.lostTurns).toEqual([]);
  expect(again.events.at(-1)?.payload).toMatchObject({ result: 'done: [message from user]\nwaits' });
});

it('[mob.shutdown-stopped] does not name whom a stop before it had interrupted', async () => {
  const { mob, gate } = await busyMob(new ManualClock());
  await mob.stop();
  gate.open();
  expect(await mob.shutdown()).toEqual({ interrupted: [], errors: [] });
});

it('[mob.shutdown-deadline] interrupts runs at the deadline; they are not run again', async () => {
  const clock = new ManualClock();
  const { mob, events, storage } = await busyMob(clock);
  const report = mob.shutdown({ deadlineMs: 1_000 });
  await mob.status();
  clock.advance(999);
  await mob.status();
  expect(typesOf(events, 'one').at(-1)).toBe('turn_started');
  clock.advance(1);
  expect(await report).toEqual({ interrupted: ['one'], errors: [] });
  expect(events.at(-1)?.payload).toMatchObject({ type: 'run_failed', error_class: 'cancelled' });
  expect(clock.waiting).toBe(0);
  const again = await openTestMob({ storage });
  await again.mob.whenIdle();
  expect(again.report.lostTurns).toEqual([]);
  expect(typesOf(again.events, 'one').filter((type) => type === 'run_started')).toHaveLength(1);
});

it('[mob.shutdown-not-begun] names no member as interrupted whose run the storage had not taken as begun', async () => {
  const kept = await memoryStorage();
  const storage = new FaultyStorage(kept);
  const { mob, events } = await openTestMob({ storage });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  storage.beforeCommit = ({ puts = [] }) => {
    if (puts.some(({ record }) => record.data.includes('startedBy'))) throw unavailable();
  };
  await mob.send('one', 'waits');
  expect(await mob.shutdown({ deadlineMs: 0 })).toEqual({ interrupted: [], errors: [] });
  expect(events).toEqual([]);
  const again = await openTestMob({ storage: kept });
  await again.mob.whenIdle();
  expect(again.events.at(-1)?.payload).toMatchObject({ type: 'run_completed' });
});

it('interrupts at once when there is no time', async () => {
  const { mob } = await busyMob(new ManualClock());
  expect(await mob.shutdown({ deadlineMs: 0 })).toEqual({ interrupted: ['one'], errors: [] });
});
