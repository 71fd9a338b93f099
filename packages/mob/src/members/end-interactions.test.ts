import { FaultyStorage } from '@mobkit/contract-kit';
import type { AgentEventEnvelope } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import { memoryStorage, openTestMob, testDefinition } from '../../test/open-test-mob.js';

const told = (interactions: readonly AgentEventEnvelope[]) =>
  interactions.map(({ interactionId, payload }) => [interactionId, payload.type]);

/** `one` is in the middle of a run about `i-1`; `i-2` waits. */
async function aRunAndOneThatWaits() {
  const gate = new Gate();
  const inner = await memoryStorage();
  const storage = new FaultyStorage(inner);
  const opened = await openTestMob({
    storage,
    model: fakeModel(async () => (await gate.wait(), 'late')),
  });
  const { mob } = opened;
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.send('one', 'slow', { interactionId: 'i-1' });
  await gate.reached;
  await mob.send('one', 'waits', { interactionId: 'i-2' });
  return { ...opened, storage, inner, gate };
}

it('[mob.interaction-end] ends an interaction behind the run and what is drawn from its answer, with both', async () => {
  const output_schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  const worker = { ...testDefinition.profiles['worker']!, output_schema };
  const definition = { ...testDefinition, profiles: { ...testDefinition.profiles, worker } };
  const seen: AgentEventEnvelope[] = [];
  const { mob } = await openTestMob({
    definition,
    model: fakeModel((_, { outputSchema }) => (outputSchema ? '{"n":1}' : 'one it is')),
    onEvent: (event) => void seen.push(event),
  });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.send('one', 'go', { interactionId: 'i-1' });
  await mob.whenIdle();
  expect(seen.slice(-3).map(({ payload }) => payload)).toMatchObject([
    { type: 'run_completed' },
    { type: 'extraction_succeeded' },
    {
      type: 'interaction_complete',
      interaction_id: 'i-1',
      result: 'one it is',
      structured_output: { n: 1 },
    },
  ]);
});

it('[mob.interaction-steered] ends what was read on the way with the run that read it', async () => {
  const { mob, gate, interactions } = await aRunAndOneThatWaits();
  await mob.send('one', 'urgent', { interactionId: 'i-3', handlingMode: 'steer' });
  gate.open();
  await mob.whenIdle();
  expect(told(interactions)).toEqual([
    ['i-1', 'interaction_complete'],
    ['i-3', 'interaction_complete'],
    ['i-2', 'interaction_complete'],
  ]);
});

it.each(['retire', 'respawn', 'resetMember', 'destroy', 'cancelAllWork'] as const)(
  '[mob.interaction-dropped] %s fails the interactions of the run it cuts and of messages it removes',
  async (command) => {
    const { mob, interactions, gate } = await aRunAndOneThatWaits();
    const cut = mob.member('one')!;
    if (command === 'destroy') await mob.destroy();
    else if (command === 'cancelAllWork') await mob.cancelAllWork(cut, cut.fenceToken);
    else await mob[command]('one');
    gate.open();
    await mob.whenIdle();
    expect(new Set(told(interactions).map(([id]) => id))).toEqual(new Set(['i-1', 'i-2']));
    expect(interactions).toHaveLength(2);
    expect(interactions.find(({ interactionId }) => interactionId === 'i-2')?.payload).toMatchObject({
      type: 'interaction_failed',
      interaction_id: 'i-2',
      error: expect.stringMatching(/^(The member|All its work) (is|was) /),
    });
  },
);

it('[mob.interaction-kept] ends nothing that a stop and a shutdown leave waiting', async () => {
  const { mob, gate, interactions, storage } = await aRunAndOneThatWaits();
  await mob.stop();
  expect(told(interactions)).toEqual([['i-1', 'interaction_failed']]);
  gate.open();
  await mob.shutdown();
  expect(interactions).toHaveLength(1);
  const again = await openTestMob({ storage });
  await again.mob.resume();
  await again.mob.whenIdle();
  expect(told(again.interactions)).toEqual([['i-2', 'interaction_complete']]);
});

it('[mob.interaction-lost] fails the interaction of a run that a crash cut off, once, behind its run_failed', async () => {
  const { mob, storage, inner } = await aRunAndOneThatWaits();
  storage.sever();
  void mob.shutdown({ deadlineMs: 0 });
  const seen: AgentEventEnvelope[] = [];
  const again = await openTestMob({ storage: inner, onEvent: (event) => void seen.push(event) });
  expect(seen.map(({ interactionId, payload }) => [interactionId, payload.type])).toEqual([
    ['i-1', 'run_failed'],
    ['i-1', 'interaction_failed'],
  ]);
  await again.mob.whenIdle();
  await again.mob.shutdown();
  const third = await openTestMob({ storage: inner });
  expect(told(third.interactions)).toEqual([]);
});
