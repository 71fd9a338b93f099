import { FaultyStorage, unavailable } from '@mobkit/contract-kit';
import { type ContentBlock, textOf } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel, hasResults, toolCalls } from '../../../test/fake-model.js';
import { Gate } from '../../../test/gate.js';
import { ledgerOf, memoryStorage, openTestMob, typesOf } from '../../../test/open-test-mob.js';
import { inputsDefinition } from '../../members/input.js';
import { transcriptDefinition } from '../../members/session.js';

const image = { type: 'image', media_type: 'image/png', data: 'aGk=' } as const satisfies ContentBlock;

/** A model that waits at a gate while it is told something slow. */
function slowModel() {
  const gate = new Gate();
  const model = fakeModel(async (said, request) => {
    if (said.includes('slow') && !hasResults(request)) {
      await gate.wait();
      return toolCalls(['peers', {}]);
    }
    return 'done';
  });
  return { gate, model };
}

it('[comms.content] carries text and pictures to the model, the transcript and back after a restart as they were sent', async () => {
  const storage = await memoryStorage();
  const model = fakeModel();
  const { mob } = await openTestMob({ storage, model, start: false });
  const { sessionId } = await mob.spawn({ identity: 'one', profile: 'worker' });
  const said = [{ type: 'text', text: 'what is this?' } as const, image];
  await mob.send('one', said);
  await mob.shutdown();
  const again = await openTestMob({ storage, model });
  await again.mob.whenIdle();
  const told = [{ type: 'text', text: '[message from user]' }, ...said];
  expect(model.requests[0]?.messages.at(-1)).toEqual({ role: 'user', content: told });
  const { entries } = await storage.log(transcriptDefinition, sessionId).read({});
  expect(JSON.parse(entries[0]!.data)).toEqual({ role: 'user', content: told });
});

it('[comms.content-checked] refuses what nobody can say, naming the field', async () => {
  const { mob } = await openTestMob({ start: false });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  for (const [content, field] of [
    ['', 'content'],
    [' \n\t', 'content'],
    ['x'.repeat(1024 * 1024 + 1), 'content'],
    [undefined, 'content'],
    [{ type: 'text', text: 'x' }, 'content'],
    [[], 'content'],
    [[{ type: 'text', text: ' ' }], 'content'],
    [[{ type: 'text', text: 'x'.repeat(1024 * 1024) }], 'content'],
    [['x'], 'content[0]'],
    [[{ type: 'sound' }], 'content[0].type'],
    [[image, { type: 'text', text: 7 }], 'content[1].text'],
    [[{ ...image, media_type: 'video/mp4' }], 'content[0].media_type'],
    [[{ ...image, media_type: 'image/\u0000' }], 'content[0].media_type'],
    [[{ ...image, data: 'a b' }], 'content[0].data'],
    [[{ ...image, url: 'https://example.com/x.png' }], 'content[0]'],
    [[{ type: 'image', media_type: 'image/png' }], 'content[0]'],
    [[{ type: 'image', media_type: 'image/png', url: 'file:///etc/passwd' }], 'content[0].url'],
    [[{ ...image, more: 1 }], 'content[0].more'],
  ] as const) {
    const error = await mob.send('one', content as never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(`TypeError: ${field} `);
  }
  await expect(mob.send('one', 'x', { handlingMode: 'now' as never })).rejects.toThrow(/^handlingMode /);
});

it('[comms.steer-first] reads what steers before what queues, and queues it while the first turn is not over', async () => {
  const { model, gate } = slowModel();
  const { mob } = await openTestMob({ model, start: false });
  await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.spawn({ identity: 'host', profile: 'host', initialMessage: 'slow' });
  const send = (to: string, text: string) => mob.send(to, text, { handlingMode: 'steer' });
  await mob.send('one', 'later');
  expect(await send('one', 'now')).toMatchObject({ handlingMode: 'steer' });
  expect(await send('host', 'pending')).toMatchObject({ handlingMode: 'queue' });
  mob.start();
  await gate.reached;
  expect(await send('host', 'starting')).toMatchObject({ handlingMode: 'queue' });
  gate.open();
  await mob.whenIdle();
  expect(await send('host', 'started')).toMatchObject({ handlingMode: 'steer' });
  await mob.whenIdle();
  const last = (identity: string) =>
    model.requests
      .filter((request) => request.agent.identity === identity && !hasResults(request))
      .map(({ messages }) =>
        textOf(messages.at(-1)?.content ?? '')
          .split('\n')
          .at(-1),
      );
  expect(last('one')).toEqual(['now', 'later']);
  expect(last('host')).toEqual(['slow', 'pending', 'starting', 'started']);
});

it('[comms.broadcast] sends the same to everybody of a role who takes it, and answers for each', async () => {
  const { mob, events } = await openTestMob();
  for (const [identity, profile] of [
    ['b', 'worker'],
    ['a', 'worker'],
    ['c', 'lead'],
    ['d', 'hermit'],
  ] as const) {
    await mob.spawn({ identity, profile });
  }
  const sent = await mob.broadcast('hello');
  expect(sent.map(({ identity }) => identity)).toEqual(['a', 'b', 'c']);
  await mob.whenIdle();
  for (const identity of ['a', 'b', 'c']) expect(typesOf(events, identity)).toContain('run_completed');
  expect(await mob.broadcast('hello', { role: 'hermit' })).toEqual([]);
  expect(await mob.broadcast('hello', { role: 'hermit', internal: true })).toMatchObject([{ identity: 'd' }]);
  await expect(mob.broadcast('hello', { role: 'nobody' })).rejects.toMatchObject({
    code: 'MOB_PROFILE_NOT_FOUND',
  });
  await expect(mob.broadcast(' ')).rejects.toThrow(new TypeError('content is blank'));
});

it('[comms.fence] takes work for the incarnation that is meant, and for no later one', async () => {
  const { mob, events } = await openTestMob();
  const before = await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.spawn({ identity: 'two', profile: 'hermit' });
  const work = { content: 'do it', origin: 'external' } as const;
  const receipt = await mob.submitWork(before, before.fenceToken, work);
  expect(receipt).toEqual({ workId: expect.any(String), interactionId: expect.any(String) });
  await mob.whenIdle();
  expect(events.at(-1)).toMatchObject({ interactionId: receipt.interactionId });
  const two = mob.member('two')!;
  await expect(mob.submitWork(two, two.fenceToken, work)).rejects.toMatchObject({
    code: 'MOB_NOT_ADDRESSABLE',
  });
  await mob.submitWork(two, two.fenceToken, { ...work, origin: 'internal' });
  await expect(mob.submitWork(two, two.fenceToken, { ...work, origin: 'else' as never })).rejects.toThrow(
    TypeError,
  );

  const after = await mob.respawn('one');
  for (const stale of [
    mob.submitWork(before, before.fenceToken, work),
    mob.submitWork(after, before.fenceToken, work),
    mob.cancelAllWork(before, before.fenceToken),
  ]) {
    await expect(stale).rejects.toMatchObject({
      code: 'MOB_FENCE_STALE',
      details: { expected: after.fenceToken, actual: before.fenceToken },
    });
  }
  await expect(mob.submitWork({ identity: 'x', generation: 0 }, 1, work)).rejects.toMatchObject({
    code: 'MOB_MEMBER_NOT_FOUND',
  });
});

it('[comms.cancel-all] ends the turn of a member at its boundary and removes what waits for it', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const { model, gate } = slowModel();
  const { mob, events } = await openTestMob({ storage, model });
  const one = await mob.spawn({ identity: 'one', profile: 'worker' });
  await mob.send('one', 'slow');
  await gate.reached;
  await mob.send('one', 'never');
  storage.beforeCommit = () => {
    throw unavailable();
  };
  await expect(mob.cancelAllWork(one, one.fenceToken)).rejects.toMatchObject({ retryable: true });
  storage.beforeCommit = () => {};
  await mob.cancelAllWork(one, one.fenceToken);
  gate.open();
  await mob.whenIdle();
  const ends = events.flatMap(({ payload }) => (payload.type.startsWith('run_') ? [payload] : []));
  expect(ends).toMatchObject([{ type: 'run_started' }, { type: 'run_failed', error_class: 'cancelled' }]);
  expect((await storage.records(inputsDefinition).list({})).records).toEqual([]);
  await mob.send('one', 'again');
  await mob.whenIdle();
  expect(typesOf(events, 'one').at(-1)).toBe('run_completed');
});

it('[comms.cancel-all] says of a first turn that waited that it was cancelled', async () => {
  const { mob, events } = await openTestMob({ start: false });
  const one = await mob.spawn({ identity: 'one', profile: 'host' });
  await mob.cancelAllWork(one, one.fenceToken);
  mob.start();
  await mob.whenIdle();
  expect(events).toEqual([]);
  expect((await ledgerOf(mob)).at(-1)?.kind).toMatchObject({ kickoff: { phase: 'cancelled' } });
});
