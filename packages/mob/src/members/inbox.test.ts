import { expect, it } from 'vitest';

import { memoryStorage } from '../../test/open-test-mob.js';
import { Activity } from '../engine/activity.js';
import { Inbox } from './inbox.js';
import { type Input, inputKey, inputsDefinition } from './input.js';

const input = (kind: Input['kind']): Input => {
  return { id: kind, kind, generation: 0, interactionId: 'i-1', content: 'hello', acceptedAtMs: 0 };
};

const incarnation = { identity: 'one', generation: 0 };

async function waitingInbox() {
  const [storage, activity] = [await memoryStorage(), new Activity()];
  await storage.prepare([inputsDefinition]);
  const inbox = new Inbox({ storage, activity, mobId: 'crew', incarnation, peersWait: true });
  let seq = 0;
  const hold = (kind: Input['kind']) => inbox.hold(inputKey('crew', incarnation, (seq += 1)), input(kind));
  const work = () => {
    const held = inbox.first();
    if (held) inbox.remove(held);
    held?.release();
    return held?.input.kind;
  };
  return { inbox, activity, hold, work };
}

it('gives messages of peers before the one from outside that they waited for', async () => {
  const { hold, work } = await waitingInbox();
  hold('peer');
  expect(work()).toBeUndefined();
  hold('message');
  expect([work(), work(), work()]).toEqual(['peer', 'message', undefined]);
});

it('counts a message of a peer as work only when it will be worked on', async () => {
  const { activity, hold, work } = await waitingInbox();
  hold('message');
  hold('peer');
  expect([work(), work()]).toEqual(['message', undefined]);
  const gaveUp = AbortSignal.abort();
  await expect(
    Promise.race([activity.whenIdle(), activity.whenIdle(gaveUp).then(() => 'busy')]),
  ).resolves.toBe(undefined);
});
