import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { createMobEngine } from '../index.js';
import { fakeModel, userTexts } from '../../test/fake-model.js';
import { memoryStorage, openTestMob, testDefinition } from '../../test/open-test-mob.js';
import { ledgerDefinition, toLedgerEntry } from '../ledger/ledger-definition.js';
import { Session, sessionsDefinition } from '../members/session.js';
import { mobStorage } from './mob-storage.js';

it('[lifecycle.ephemeral] refuses a storage that keeps nothing beyond the process unless that is meant', async () => {
  const engine = createMobEngine({ storage: await memoryStorage(), providers: () => [fakeModel()] });
  await expect(engine.open({ definition: testDefinition })).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    details: { field: 'allowEphemeralSessions' },
  });
});

it('[lifecycle.orphan-sessions] archives open sessions that no member has, and reports them', async () => {
  const { mob, storage } = await openTestMob();
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.shutdown();
  const [kept] = (await storage.records(sessionsDefinition).list({})).records;
  const record = JSON.parse(kept!.data);
  await storage.commit({ puts: [new Session('orphan', record).put()] });
  const again = await openTestMob({ storage });
  expect(again.report.orphanSessions).toEqual(['orphan']);
  expect(again.mob.members()).toMatchObject([{ status: 'active' }]);
  await again.mob.shutdown();
  const orphan = await storage.records(sessionsDefinition).get('orphan');
  expect(JSON.parse(orphan!.data)).toMatchObject({ archived_at_ms: 1_000 });
  expect((await openTestMob({ storage })).report.orphanSessions).toEqual([]);
});

it('[lifecycle.notify-orchestrator] tells the orchestrator of a resumed mob, when asked to', async () => {
  const { mob, storage } = await openTestMob();
  await mob.spawnMany([
    { identity: 'boss', profile: 'lead' },
    { identity: 'one', profile: 'worker' },
  ]);
  await mob.shutdown();
  const model = fakeModel();
  const engine = createMobEngine({
    storage,
    providers: () => [model],
    clock: new ManualClock(),
    allowEphemeralSessions: true,
  });
  const quiet = await engine.open({ definition: testDefinition });
  quiet.mob.start();
  await quiet.mob.whenIdle();
  await quiet.mob.shutdown();
  expect(model.requests).toEqual([]);
  const told = await engine.open({ definition: testDefinition, notifyOrchestratorOnResume: true });
  told.mob.start();
  await told.mob.whenIdle();
  expect(model.requests.map(({ agent }) => agent.identity)).toEqual(['boss']);
  expect(userTexts(model.requests[0]!.messages).join()).toContain('"crew" was resumed. Members: boss, one.');
});

it('[lifecycle.no-beginning] does not resume a ledger that does not begin with mob_created', async () => {
  const storage = await memoryStorage();
  await storage.prepare(mobStorage);
  const entry = toLedgerEntry({ kind: { type: 'mob_completed' } }, 'x', 1);
  await storage.log(ledgerDefinition, 'crew').append([entry]);
  await expect(openTestMob({ storage })).rejects.toMatchObject({ code: 'MOB_LEDGER_INVALID' });
});

it('[lifecycle.spawned-hides-session] keeps the session of a spawn beside the event and never shows it in it', async () => {
  const { mob, storage } = await openTestMob();
  const { sessionId } = await mob.spawn({ identity: 'one', profile: 'worker' });
  const { events } = await mob.events.query({ kinds: ['member_spawned'] });
  expect(JSON.stringify(events)).not.toContain(sessionId);
  const { entries } = await storage.log(ledgerDefinition, 'crew').read({ where: { kind: 'member_spawned' } });
  expect(entries[0]?.data).toContain(sessionId);
});
