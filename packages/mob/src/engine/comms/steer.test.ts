import { FaultyStorage } from '@mobkit/contract-kit';
import { textOf } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel, toolCalls, userTexts } from '../../../test/fake-model.js';
import { Gate } from '../../../test/gate.js';
import { memoryStorage, openTestMob } from '../../../test/open-test-mob.js';
import { inputsDefinition } from '../../members/input.js';

/** `one`, whose first turn waits at a gate; `two` and `three` are its peers. */
async function aSlowRun(storage: FaultyStorage) {
  const gate = new Gate();
  let turns = 0;
  const model = fakeModel(async (_, { agent }) => {
    if (agent.identity !== 'one') return 'ok';
    turns += 1;
    if (turns === 1) {
      await gate.wait();
      return toolCalls(['peers', {}]);
    }
    const body = { body: 'well' };
    if (turns > 2) return 'done';
    return toolCalls(['reply_to_peer', body], ['reply_to_peer', { ...body, reply_to: 'three' }]);
  });
  const opened = await openTestMob({ storage, model });
  const { mob } = opened;
  for (const identity of ['one', 'two', 'three']) await mob.spawn({ identity, profile: 'worker' });
  await mob.wireMany([
    { a: 'one', b: 'two' },
    { a: 'one', b: 'three' },
  ]);
  await mob.send('one', 'slow');
  await gate.reached;
  for (const peer of ['two', 'three']) {
    await mob.sendAsMember(peer, 'one', `urgent from ${peer}`, { handlingMode: 'steer' });
  }
  return { ...opened, gate, model };
}

it('[comms.steer] folds what steers into the running turn at its next boundary, and asks which of several a reply is for', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { mob, gate, model, events } = await aSlowRun(storage);
  gate.open();
  await mob.whenIdle();
  const requests = model.requests.filter(({ agent }) => agent.identity === 'one');
  expect(userTexts(requests[1]!.messages)).toEqual([
    '[message from user]\nslow',
    '[message from two]\nurgent from two',
    '[message from three]\nurgent from three',
  ]);
  const [ambiguous, sent] = requests[2]!.messages.slice(-2);
  expect(ambiguous).toMatchObject({ isError: true, content: expect.stringMatching(/^ambiguous_reply/) });
  expect(JSON.parse(textOf(sent?.content ?? ''))).toMatchObject({ receipt: { peer_id: 'three' } });
  expect(events.filter(({ payload }) => payload.type === 'run_started')).toHaveLength(1);
  const { records } = await storage.records(inputsDefinition).list({});
  expect(records.map(({ fields }) => fields['identity'])).toEqual(['three']);
});

it('[comms.steer-kept] reads a steering message after a crash when its turn had not been kept with it', async () => {
  const inner = await memoryStorage();
  const storage = new FaultyStorage(inner);
  const { gate } = await aSlowRun(storage);
  storage.sever();
  gate.open();
  const model = fakeModel();
  const next = await openTestMob({ storage: inner, model });
  expect(next.report.lostTurns).toHaveLength(1);
  await next.mob.send('one', 'and now');
  await next.mob.whenIdle();
  expect(userTexts(model.requests.at(-1)!.messages)).toEqual([
    '[message from two]\nurgent from two',
    '[message from three]\nurgent from three',
    '[message from user]\nand now',
  ]);
});
