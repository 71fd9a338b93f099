import { FaultyStorage } from '@mobkit/contract-kit';
import { type ContentBlock, type LlmRequest, textOf } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel, hasResults, toolCalls } from '../../../test/fake-model.js';
import { Gate } from '../../../test/gate.js';
import { memoryStorage, openTestMob } from '../../../test/open-test-mob.js';
import { INBOX_LIMIT } from '../../members/inbox.js';
import { sessionsDefinition } from '../../members/session.js';

type Calls = readonly (readonly [name: string, args: unknown])[];

const image = { type: 'image', media_type: 'image/png', data: 'aGk=' } as const satisfies ContentBlock;

/** Hosts, all wired to `one`; each calls what is planned for what it reads, by what that contains. */
async function crew(plans: Readonly<Record<string, (said: string, request: LlmRequest) => Calls>>) {
  const model = fakeModel((said, request) => {
    const plan = Object.entries(plans).find(([key]) => said.includes(key) && said.includes('['))?.[1];
    return hasResults(request) || !plan ? 'done' : toolCalls(...plan(said, request));
  });
  const opened = await openTestMob({ model });
  const { mob } = opened;
  for (const identity of ['one', 'two', 'three']) await mob.spawn({ identity, profile: 'host' });
  await mob.wireMany([
    { a: 'one', b: 'two' },
    { a: 'one', b: 'three' },
  ]);
  await mob.whenIdle();
  /** What a member was told by others, in its order. */
  const told = (identity: string) =>
    model.requests
      .filter((request) => request.agent.identity === identity && !hasResults(request))
      .map(({ messages }) => messages.at(-1)?.content);
  const results = (identity: string) =>
    model.requests
      .filter(({ agent }) => agent.identity === identity)
      .flatMap(({ messages }) => messages.filter(({ role }) => role === 'tool'));
  return { ...opened, mob, model, told, results };
}

it('[comms.request] carries a request with its id, and its response, and says of each what it is', async () => {
  const { mob, told, results } = await crew({
    'from user]': () => [
      ['send_request', { peer_id: 'two', intent: 'add', params: { a: 1, b: 2 }, handling_mode: 'steer' }],
    ],
    '[request': (said) => [
      [
        'send_response',
        {
          peer_id: 'one',
          in_reply_to: /^\[request (\S+) from one: add\]/.exec(said)?.[1],
          status: 'completed',
          result: { sum: 3 },
        },
      ],
    ],
  });
  await mob.send('one', 'go', { interactionId: 'i-1' });
  await mob.whenIdle();
  const [request] = results('one');
  const sent = JSON.parse(textOf(request?.content ?? ''));
  expect(sent).toEqual({
    status: 'sent',
    kind: 'request',
    receipt: { peer_id: 'two', envelope_id: expect.any(String), interaction_id: 'i-1' },
  });
  const id = sent.receipt.envelope_id;
  expect(told('two').at(-1)).toBe(`[request ${id} from one: add]\n{"a":1,"b":2}`);
  expect(told('one').at(-1)).toBe(`[response from two to request ${id}: completed]\n{"sum":3}`);
});

it('[comms.reply] answers whoever the turn is about, a request by its id, without being told whom', async () => {
  const { mob, told } = await crew({
    '[message from one]': () => [['reply_to_peer', { body: 'well' }]],
    '[request': () => [['reply_to_peer', { body: 'here', blocks: [image] }]],
    'from user]': () => [
      ['send_message', { peer_id: 'two', body: 'how are you?' }],
      ['send_request', { peer_id: 'three', intent: 'picture' }],
    ],
  });
  await mob.send('one', 'go');
  await mob.whenIdle();
  expect(told('one')).toContainEqual('[message from two]\nwell');
  expect(told('one')).toContainEqual([
    { type: 'text', text: expect.stringMatching(/^\[response from three to request \S+: completed\]$/) },
    { type: 'text', text: 'here' },
    image,
  ]);
});

it('[comms.reply-refused] says why there is nobody to answer, and takes no name of somebody else', async () => {
  const { mob, results } = await crew({
    '[message from user]': () => [['reply_to_peer', { body: 'hello' }]],
    '[message from two]': () => [['reply_to_peer', { body: 'hello', reply_to: 'three' }]],
  });
  await mob.send('one', 'go');
  await mob.sendAsMember('two', 'one', 'hello');
  await mob.whenIdle();
  expect(results('one').map(({ content }) => textOf(content).split(':')[0])).toEqual(
    expect.arrayContaining(['no_reply_capability', 'unknown_reply_to']),
  );
});

it('[comms.arguments] tells a model which argument of a tool is wrong, and sends nothing', async () => {
  const wrong: readonly (readonly [tool: string, args: Record<string, unknown>, field: string])[] = [
    ['send_message', { body: 'x' }, 'peer_id'],
    ['send_message', { peer_id: 'two' }, 'body'],
    ['send_message', { peer_id: 'two', body: ' \n' }, 'body'],
    ['send_message', { peer_id: 'two', body: 7 }, 'body'],
    ['send_message', { peer_id: 'two', body: 'x', handling_mode: 'now' }, 'handling_mode'],
    ['send_message', { peer_id: 'two', body: 'x', blocks: 'x' }, 'blocks'],
    ['send_message', { peer_id: 'two', body: 'x', blocks: [{ ...image, data: '?' }] }, 'blocks[0].data'],
    ['send_message', { peer_id: 'two', body: 'x'.repeat(1024 * 1024 + 1) }, 'content'],
    ['send_request', { peer_id: 'two', intent: 'a]\n[b' }, 'intent'],
    ['send_request', { peer_id: 'two', intent: 'a\u0007' }, 'intent'],
    ['send_request', { peer_id: 'two', intent: 'x'.repeat(401) }, 'intent'],
    ['send_request', { peer_id: 'two', intent: 'a', params: 'x'.repeat(1024 * 1024 + 1) }, 'params'],
    ['send_response', { peer_id: 'two', status: 'completed' }, 'in_reply_to'],
    ['send_response', { peer_id: 'two', in_reply_to: 'r', status: 'done' }, 'status'],
    ['send_message', { peer_id: 'one', body: 'to myself' }, 'MOB_PEER_UNTRUSTED'],
    ['send_message', { peer_id: 'nobody', body: 'x' }, 'MOB_PEER_UNTRUSTED'],
    ['send_request', { peer_id: '\0', intent: 'x' }, 'MOB_PEER_UNTRUSTED'],
  ];
  const { mob, told, results } = await crew({
    'from user]': () => wrong.map(([tool, args]) => [tool, args]),
  });
  await mob.send('one', 'go');
  await mob.whenIdle();
  const answers = results('one');
  expect(answers).toHaveLength(wrong.length);
  for (const [at, [, , field]] of wrong.entries()) {
    expect(answers[at]).toMatchObject({ isError: true, content: expect.stringContaining(field) });
  }
  expect(told('two')).toHaveLength(1);
});

it('[comms.send-as-member] sends in the name of a member to its peers only, and says why not', async () => {
  const { mob, told } = await crew({});
  const receipt = await mob.sendAsMember('two', 'one', 'hello', { interactionId: 'i-1' });
  expect(receipt).toEqual({ envelopeId: expect.any(String), to: 'one', interactionId: 'i-1' });
  await mob.whenIdle();
  expect(told('one').at(-1)).toBe('[message from two]\nhello');
  for (const to of ['three', 'two', 'nobody']) {
    await expect(mob.sendAsMember('two', to, 'x')).rejects.toMatchObject({ code: 'MOB_PEER_UNTRUSTED' });
  }
  await expect(mob.sendAsMember('nobody', 'one', 'x')).rejects.toMatchObject({
    code: 'MOB_MEMBER_NOT_FOUND',
  });
  await expect(mob.sendAsMember('two', 'one', ' ')).rejects.toThrow(new TypeError('content is blank'));
});

it('[comms.inbox-bound] refuses a peer when too many messages wait, to be sent again later', async () => {
  const { mob } = await openTestMob();
  for (const identity of ['one', 'two']) await mob.spawn({ identity, profile: 'worker' });
  await mob.wire('one', 'two');
  const send = () => mob.sendAsMember('one', 'two', 'hello');
  await Promise.all(Array.from({ length: INBOX_LIMIT }, send));
  await expect(send()).rejects.toMatchObject({ code: 'MOB_INBOX_FULL', retryable: true });
});

it('[comms.target-gone] refuses what is for a member that is being retired or is broken by its own error', async () => {
  const storage = new FaultyStorage(await memoryStorage());
  const first = await openTestMob({ storage });
  for (const identity of ['one', 'two', 'three']) await first.mob.spawn({ identity, profile: 'worker' });
  await first.mob.wireMany([
    { a: 'one', b: 'two' },
    { a: 'one', b: 'three' },
  ]);
  await first.mob.shutdown();
  await storage.records(sessionsDefinition).delete(first.mob.member('three')!.sessionId);
  const { mob } = await openTestMob({ storage });
  const send = (to: string) => mob.sendAsMember('one', to, 'hello');
  await expect(send('three')).rejects.toMatchObject({ code: 'MOB_MEMBER_BROKEN' });
  const removing = new Gate();
  storage.beforeCommit = () => removing.wait();
  const retired = mob.retire('two');
  await removing.reached;
  await expect(send('two')).rejects.toMatchObject({ code: 'MOB_MEMBER_NOT_FOUND' });
  removing.open();
  await retired;
  await expect(send('two')).rejects.toMatchObject({ code: 'MOB_PEER_UNTRUSTED' });
});
