import { FaultyStorage, unavailable } from '@mobkit/contract-kit';
import type { MobDefinition } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel, userTexts } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import {
  kindsOf,
  ledgerOf,
  memoryStorage,
  openTestMob,
  testDefinition,
  typesOf,
} from '../../test/open-test-mob.js';
import { readRoster } from '../ledger/read-roster.js';
import { inputsDefinition } from '../members/input.js';
import { sessionsDefinition } from '../members/session.js';

const crewOfTwo: MobDefinition = {
  ...testDefinition,
  members: [
    { identity: 'one', profile: 'worker', labels: { team: 'red' } },
    { identity: 'two', profile: 'host', initial_message: 'begin' },
  ],
  wiring: { role_wiring: [{ a: 'worker', b: 'host' }] },
};

it('[mob.create] creates a Running mob whose ledger begins with its whole definition, then the first roster in order', async () => {
  const { mob, report } = await openTestMob({ definition: crewOfTwo, start: false });
  expect(await mob.status()).toBe('Running');
  expect(report).toEqual({
    resumed: false,
    destroyFinished: false,
    orphanSessions: [],
    lostTurns: [],
    broken: [],
    warnings: [],
  });
  const [created, ...rest] = await ledgerOf(mob);
  expect(created).toEqual({
    cursor: 1,
    mobId: 'crew',
    timestampMs: 1_000,
    kind: { type: 'mob_created', definition: crewOfTwo },
  });
  expect(rest.map(({ kind }) => kind.type)).toEqual([
    'member_spawned',
    'member_spawned',
    'members_wired',
    'member_kickoff_updated',
  ]);
  expect(mob.member('one')).toMatchObject({ wiredTo: ['two'], labels: { team: 'red' } });
});

it('[mob.definition-invalid] refuses a definition with every error in it, and writes nothing', async () => {
  const storage = await memoryStorage();
  const profiles = { worker: { model: 'fake', skills: ['nope'], tools: { comms: true } } };
  const definition = { id: 'bad', orchestrator: { profile: 'boss' }, profiles };
  await expect(openTestMob({ storage, definition })).rejects.toMatchObject({
    code: 'MOB_DEFINITION_INVALID',
    details: {
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: 'missing_skill_ref' }),
        expect.objectContaining({ code: 'missing_orchestrator_profile' }),
      ]),
    },
  });
  const skills = { long: { source: 'path', path: './long.md' } } as const;
  await expect(openTestMob({ storage, definition: { ...testDefinition, skills } })).rejects.toMatchObject({
    code: 'MOB_DEFINITION_INVALID',
    details: { diagnostics: [expect.objectContaining({ location: 'skills.long' })] },
  });
  const { mob, report } = await openTestMob({ storage });
  expect(report.resumed).toBe(false);
  expect(await kindsOf(mob)).toEqual(['mob_created']);
});

it('[mob.definition-changed] refuses to resume with another definition and says where they differ', async () => {
  const { mob, storage } = await openTestMob();
  await mob.shutdown();
  const { worker } = testDefinition.profiles;
  const profiles = { ...testDefinition.profiles, worker: { ...worker, model: 'other' } };
  await expect(openTestMob({ storage, definition: { ...testDefinition, profiles } })).rejects.toMatchObject({
    code: 'MOB_DEFINITION_CHANGED',
    details: { changes: [{ path: 'profiles.worker.model', stored: 'fake', given: 'other' }] },
  });
});

it('[mob.resume] resumes roster, wiring, kickoffs and sessions without a new first turn or a new entry', async () => {
  const first = await openTestMob({ definition: crewOfTwo });
  await first.mob.whenIdle();
  await first.mob.send('one', 'remember me');
  await first.mob.whenIdle();
  const [roster, ledger] = [first.mob.members(), await ledgerOf(first.mob)];
  expect(roster.map(({ wiredTo }) => wiredTo)).toEqual([['two'], ['one']]);
  await first.mob.shutdown();

  const model = fakeModel();
  const { mob, report } = await openTestMob({ definition: crewOfTwo, storage: first.storage, model });
  expect(report).toEqual({
    resumed: true,
    destroyFinished: false,
    orphanSessions: [],
    lostTurns: [],
    broken: [],
    warnings: [],
  });
  expect(mob.members()).toEqual(roster);
  expect(await ledgerOf(mob)).toEqual(ledger);
  expect(await readRoster(first.storage)).toEqual(roster);
  await mob.whenIdle();
  expect(model.requests).toEqual([]);
  await mob.send('one', 'what was it?');
  await mob.whenIdle();
  expect(userTexts(model.requests[0]?.messages ?? [])).toEqual([
    '[message from user]\nremember me',
    '[message from user]\nwhat was it?',
  ]);
});

it('spawns members of the first roster that a crash kept from being spawned, but none that was retired', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  let spawns = 0;
  storage.beforeCommit = ({ appends = [] }) => {
    const spawning = appends.some(({ entries }) =>
      entries.some((entry) => entry.fields?.['kind'] === 'member_spawned'),
    );
    if (spawning && (spawns += 1) === 1) throw unavailable();
  };
  await expect(openTestMob({ definition: crewOfTwo, storage })).rejects.toMatchObject({ retryable: true });
  const { mob, report } = await openTestMob({ definition: crewOfTwo, storage });
  expect(report.resumed).toBe(true);
  expect(mob.members().map(({ identity }) => identity)).toEqual(['one', 'two']);
  await mob.retire('one');
  await mob.shutdown();
  const again = await openTestMob({ definition: crewOfTwo, storage });
  expect(again.mob.members().map(({ identity }) => identity)).toEqual(['two']);
});

it('[mob.broken] marks a member broken whose session is gone, refuses it messages, and goes on with the others', async () => {
  const first = await openTestMob();
  const { sessionId } = await first.mob.spawn({ identity: 'one', profile: 'worker' });
  await first.mob.spawn({ identity: 'two', profile: 'worker' });
  await first.mob.shutdown();
  await first.storage.records(sessionsDefinition).delete(sessionId);

  const { mob, report, errors, events } = await openTestMob({ storage: first.storage });
  expect(report.broken).toEqual([{ identity: 'one', error: expect.stringContaining(sessionId) }]);
  expect(errors).toMatchObject([{ category: 'member_broken', memberId: 'one:0' }]);
  expect(mob.member('one')).toMatchObject({ status: 'broken', error: expect.any(String), sessionId });
  await expect(mob.send('one', 'hello')).rejects.toMatchObject({ code: 'MOB_MEMBER_BROKEN' });
  await expect(mob.wire('one', 'two')).rejects.toMatchObject({ code: 'MOB_MEMBER_BROKEN' });
  await mob.send('two', 'hello');
  await mob.whenIdle();
  expect(typesOf(events, 'two').at(-1)).toBe('run_completed');
  await mob.retire('one');
  expect(await mob.spawn({ identity: 'one', profile: 'worker' })).toMatchObject({
    status: 'active',
    generation: 1,
  });
});

it('[mob.lost-turn] reports runs that a crash cut off, once, does not run them again, and works on what waited', async () => {
  const [kept, gate] = [await memoryStorage(), new Gate()];
  const storage = new FaultyStorage(kept);
  const model = fakeModel(async () => (await gate.wait(), 'never'));
  const before = await openTestMob({ storage, model });
  await before.mob.spawn({ identity: 'one', profile: 'host', initialMessage: 'the first turn' });
  const second = await before.mob.send('one', 'waited behind it');
  await gate.reached;
  storage.sever();

  const { mob, report, errors, events } = await openTestMob({ storage: kept, start: false });
  expect(report.lostTurns).toEqual([
    { identity: 'one', generation: 0, interactionId: expect.any(String), excerpt: 'the first turn' },
  ]);
  expect(errors).toMatchObject([{ category: 'turn_lost', memberId: 'one:0' }]);
  expect(events.map(({ payload, interactionId }) => ({ ...payload, interactionId }))).toMatchObject([
    {
      type: 'run_failed',
      error_class: 'internal',
      terminal_cause_kind: 'fatal_failure',
      interactionId: report.lostTurns[0]?.interactionId,
    },
  ]);
  expect(mob.member('one')?.kickoff).toBe('failed');
  mob.start();
  await mob.whenIdle();
  expect(events.at(-1)).toMatchObject({
    interactionId: second.interactionId,
    payload: { type: 'run_completed', result: 'done: [message from user]\nwaited behind it' },
  });
  expect((await kept.records(inputsDefinition).list({})).records).toEqual([]);
  await mob.shutdown();
  expect((await openTestMob({ storage: kept })).report.lostTurns).toEqual([]);
});

it('[mob.second-engine] notices a second engine on the same mob, stops and refuses commands', async () => {
  const storage = await memoryStorage();
  const gate = new Gate();
  const old = await openTestMob({ storage, model: fakeModel(async () => (await gate.wait(), 'late')) });
  await old.mob.spawn({ identity: 'one', profile: 'worker' });
  await old.mob.send('one', 'work');
  await gate.reached;
  const young = await openTestMob({ storage });
  await young.mob.spawn({ identity: 'two', profile: 'worker' });

  await expect(old.mob.spawn({ identity: 'three', profile: 'worker' })).rejects.toMatchObject({
    code: 'MOB_CONFLICT',
  });
  expect(old.errors).toMatchObject([
    { category: 'lease_lost', error: expect.stringContaining('another engine') },
  ]);
  expect(await old.mob.status()).toBe('Stopped');
  await expect(old.mob.spawn({ identity: 'four', profile: 'nobody' })).rejects.toMatchObject({
    code: 'MOB_INVALID_TRANSITION',
  });
  await old.mob.shutdown();
  // The run was the young one's to end: it reported it as lost.
  expect(typesOf(old.events, 'one')).toEqual(['run_started', 'turn_started', 'turn_completed']);
  expect(typesOf(young.events, 'one')).toEqual(['run_failed']);
  expect(young.mob.members().map(({ identity }) => identity)).toEqual(['one', 'two']);
  expect(young.errors).toMatchObject([{ category: 'turn_lost' }]);
});

it('[mob.first-message-fenced] does not work on a first message that a second engine has begun', async () => {
  const [storage, gate] = [await memoryStorage(), new Gate()];
  const old = await openTestMob({ storage, start: false });
  await old.mob.spawn({ identity: 'one', profile: 'worker', initialMessage: 'work' });
  const young = await openTestMob({ storage, model: fakeModel(async () => (await gate.wait(), 'done')) });
  await gate.reached;
  old.mob.start();
  await old.mob.whenIdle();
  expect(await old.mob.status()).toBe('Stopped');
  expect(old.events).toEqual([]);
  gate.open();
  await young.mob.whenIdle();
  expect(typesOf(young.events, 'one').at(-1)).toBe('run_completed');
  expect(young.errors).toEqual([]);
});

it('warns of tools nobody offers and models nobody answers for', async () => {
  const worker = { model: 'unheard', tools: { comms: true, host: ['deliver'] } };
  const { report } = await openTestMob({
    definition: { id: 'odd', profiles: { worker } },
    providers: () => [{ ...fakeModel(), supports: () => false }],
  });
  expect(report.warnings).toEqual([
    'profiles.worker.model: no provider supports "unheard"; its runs will fail',
    'profiles.worker.tools.host: nobody offers a tool "deliver"',
  ]);
});

it('[models.unknown] warns of a model that is only answered for in its place', async () => {
  const known = { ...fakeModel(), knows: (model: string) => model === 'known' };
  const { report } = await openTestMob({
    definition: { id: 'odd', profiles: { a: { model: 'known' }, b: { model: 'knwon' } } },
    providers: () => [known],
  });
  expect(report.warnings).toEqual([
    expect.stringContaining('profiles.b.model: no provider knows "knwon"') as string,
  ]);
});

it('[mcp.unknown] warns of an MCP server that nobody offers', async () => {
  const worker = { model: 'test', tools: { comms: true, mcp: ['files', 'flies'] } };
  const { report } = await openTestMob({
    definition: { id: 'odd', profiles: { worker } },
    toolSources: () => [{ name: 'files', tools: () => [] }],
  });
  expect(report.warnings).toEqual(['profiles.worker.tools.mcp: there is no MCP server "flies"']);
});

it('refuses a ledger that cannot be folded, naming the entry', async () => {
  const { mob, storage } = await openTestMob();
  await mob.shutdown();
  const log = storage.log({ kind: 'log', name: 'mob_ledger', fields: {} }, 'crew');
  await log.append([{ id: 'x', timestampMs: 0, data: '{"kind":{"type":"members_wired","a":"p","b":"q"}}' }]);
  await expect(openTestMob({ storage })).rejects.toMatchObject({
    code: 'MOB_LEDGER_INVALID',
    details: { mobId: 'crew', cursor: 2 },
  });
});
