import { FaultyStorage } from '@mobkit/contract-kit';
import type { MobHandle } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel, userTexts } from '../../test/fake-model.js';
import { Gate } from '../../test/gate.js';
import { memoryStorage, openTestMob, typesOf } from '../../test/open-test-mob.js';
import type { Mob } from '../engine/mob.js';
import { inputsDefinition } from './input.js';

const memberOf = (mob: MobHandle, identity = 'one') => (mob as Mob).find(identity)!;

async function aMob() {
  const inner = await memoryStorage();
  const storage = new FaultyStorage(inner);
  const gate = new Gate();
  const model = fakeModel(async (said) => (said.endsWith('slow') && (await gate.wait()), `did ${said}`));
  const opened = await openTestMob({ model, storage });
  await opened.mob.spawn({ identity: 'one', profile: 'worker' });
  return { ...opened, storage, inner, gate, model, member: memberOf(opened.mob) };
}

const runsOf = (opened: Awaited<ReturnType<typeof aMob>>) =>
  typesOf(opened.events, 'one').filter((type) => type.startsWith('run_'));

const kept = async ({ storage }: Awaited<ReturnType<typeof aMob>>) =>
  (await storage.records(inputsDefinition).list({})).records.length;

it('[mob.requested-turn] answers how a requested turn ended, with its tools for that turn only', async () => {
  const { member, model, mob, events } = await aMob();
  const turn = await member.requestTurn({
    content: 'step one',
    interactionId: 'i-1',
    tools: { allowed: ['peers', 'send_message'], blocked: ['send_message'] },
  });
  expect(await turn.ended).toMatchObject({ type: 'run_completed', result: 'did step one' });
  const named = { content: 'step two', interactionId: 'i-2', from: 'flow' };
  const other = await member.requestTurn(named);
  await other.ended;
  await mob.whenIdle();
  expect(model.requests.map(({ tools }) => tools.map(({ name }) => name))).toEqual([
    ['peers'],
    ['peers', 'send_message', 'reply_to_peer', 'send_request', 'send_response'],
  ]);
  expect(userTexts(model.requests[1]!.messages)).toEqual(['step one', '[message from flow]\nstep two']);
  expect(new Set(events.map(({ interactionId }) => interactionId))).toEqual(new Set(['i-1', 'i-2']));
});

it('[mob.requested-turn-cancel] ends a requested turn that runs, and takes back one that waits', async () => {
  const opened = await aMob();
  const { member, gate } = opened;
  const running = await member.requestTurn({ content: 'slow', interactionId: 'i-1' });
  await gate.reached;
  const waiting = await member.requestTurn({ content: 'never', interactionId: 'i-2' });
  waiting.cancel('too late');
  expect(await waiting.ended).toMatchObject({ error_class: 'cancelled', error: 'too late' });
  expect(await kept(opened)).toBe(1);
  running.cancel('took too long');
  expect(await running.ended).toMatchObject({ error_class: 'cancelled', error: 'took too long' });
  running.cancel('again');
  const next = await member.requestTurn({ content: 'next', interactionId: 'i-3' });
  expect(await next.ended).toMatchObject({ type: 'run_completed' });
  expect(runsOf(opened)).toEqual(['run_started', 'run_failed', 'run_started', 'run_completed']);
  expect(await kept(opened)).toBe(0);
});

it('[mob.requested-turn-cancel] ends one that is cancelled while its begin is being kept', async () => {
  const opened = await aMob();
  const turn = await opened.member.requestTurn({ content: 'step', interactionId: 'i-1' });
  turn.cancel('no');
  expect(await turn.ended).toMatchObject({ error_class: 'cancelled', error: 'no' });
  await opened.mob.whenIdle();
  expect(opened.model.requests).toHaveLength(0);
  expect(await kept(opened)).toBe(0);
});

it.each(['retire', 'shutdown'] as const)(
  '[mob.requested-turn-lost] tells whoever waits when a %s ends turns and those that waited',
  async (how) => {
    const { member, gate, mob } = await aMob();
    const running = await member.requestTurn({ content: 'slow', interactionId: 'i-1' });
    await gate.reached;
    const waiting = await member.requestTurn({ content: 'never', interactionId: 'i-2' });
    await (how === 'retire' ? mob.retire('one') : mob.shutdown({ deadlineMs: 0 }));
    for (const { ended } of [running, waiting]) {
      expect(await ended).toMatchObject({ type: 'run_failed', error_class: 'cancelled' });
    }
  },
);

it('[mob.requested-turn-kept] reports a requested turn that a crash cut as lost, and works on one that waited', async () => {
  const opened = await aMob();
  await opened.member.requestTurn({ content: 'slow', interactionId: 'i-1' });
  await opened.gate.reached;
  await opened.member.requestTurn({ content: 'later', interactionId: 'i-2' });
  opened.storage.sever();
  const next = await openTestMob({ storage: opened.inner });
  expect(next.report.lostTurns).toMatchObject([{ interactionId: 'i-1', excerpt: 'slow' }]);
  await next.mob.whenIdle();
  const ends = next.events.filter(({ payload }) => payload.type.startsWith('run_'));
  expect(ends.map(({ interactionId, payload }) => [interactionId, payload.type])).toEqual([
    ['i-1', 'run_failed'],
    ['i-2', 'run_started'],
    ['i-2', 'run_completed'],
  ]);
});
