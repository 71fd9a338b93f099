import { expect, it } from 'vitest';

import type { MobChapter } from './mob-chapter.js';
import { callTool, Gate, kitModel, lastText } from './model.js';
import { kindsOf, ledgerOf, type Stage } from './stage.js';

export const messagesChapter: MobChapter = { name: 'messages', tests };

function tests(stage: () => Stage): void {
  it('[engine.addressable] takes messages from outside where the profile says so, and from within everywhere', async () => {
    const { mob, model } = await stage().open();
    await mob.spawn({ identity: 'open', profile: 'worker' });
    await mob.spawn({ identity: 'closed', profile: 'hermit' });
    await mob.send('open', 'hello');
    await expect(mob.send('closed', 'hello')).rejects.toMatchObject({ code: 'MOB_NOT_ADDRESSABLE' });
    await mob.send('closed', 'hello', { internal: true });
    await mob.whenIdle();
    expect(model.requests.map(({ agent }) => agent.identity).toSorted()).toEqual(['closed', 'open']);
  });

  it('[engine.blocks] hands blocks of text and pictures to the model as they were sent', async () => {
    const { mob, model } = await stage().open();
    await mob.spawn({ identity: 'one', profile: 'worker' });
    const picture = { type: 'image', media_type: 'image/png', data: 'iVBORw0KGgo=' } as const;
    await mob.send('one', [{ type: 'text', text: 'look' }, picture]);
    await mob.whenIdle();
    const said = model.requests[0]?.messages.at(-1)?.content;
    expect(said).toEqual(expect.arrayContaining([picture]));
    expect(lastText(model.requests[0] ?? ({ messages: [] } as never))).toContain('look');
  });

  it('[engine.wire] wires both ways with one event, however often, and unwires the same', async () => {
    const { mob } = await stage().open();
    for (const identity of ['one', 'two']) await mob.spawn({ identity, profile: 'worker' });
    await mob.wire('two', 'one');
    await mob.wire('one', 'two');
    expect(mob.members()).toMatchObject([{ wiredTo: ['two'] }, { wiredTo: ['one'] }]);
    await mob.unwire('one', 'two');
    await mob.unwire('two', 'one');
    expect(mob.members()).toMatchObject([{ wiredTo: [] }, { wiredTo: [] }]);
    const wires = (await ledgerOf(mob)).filter(({ kind }) => kind.type.startsWith('members_'));
    expect(wires).toMatchObject([
      { kind: { type: 'members_wired', a: 'one', b: 'two' } },
      { kind: { type: 'members_unwired', a: 'one', b: 'two' } },
    ]);
  });

  it('[engine.wire-many] wires many pairs in one event, all or none', async () => {
    const { mob } = await stage().open();
    const names = ['a', 'b', 'c', 'd'];
    for (const identity of names) await mob.spawn({ identity, profile: 'worker' });
    const edges = names.flatMap((a) => names.filter((b) => a < b).map((b) => ({ a, b })));
    await mob.wireMany(edges);
    expect(mob.member('a')?.wiredTo).toEqual(['b', 'c', 'd']);
    expect((await kindsOf(mob)).filter((kind) => kind === 'members_wired_batch')).toHaveLength(1);
    const before = await mob.events.latestCursor();
    await expect(mob.wireMany([{ a: 'a', b: 'nobody' }])).rejects.toMatchObject({
      code: 'MOB_MEMBER_NOT_FOUND',
    });
    expect(await mob.events.latestCursor()).toBe(before);
  });

  it('[engine.untrusted] lets only wired members talk, and takes back what waits when they are unwired', async () => {
    const { mob, model } = await stage().open();
    for (const identity of ['one', 'two']) await mob.spawn({ identity, profile: 'worker' });
    await expect(mob.sendAsMember('one', 'two', 'psst')).rejects.toMatchObject({
      code: 'MOB_PEER_UNTRUSTED',
    });
    await mob.wire('one', 'two');
    await mob.sendAsMember('one', 'two', 'never read');
    await mob.unwire('one', 'two');
    await mob.send('two', 'hello');
    await mob.whenIdle();
    expect(JSON.stringify(model.requests.map(({ messages }) => messages))).not.toContain('never read');
  });

  it('[engine.peer-message] brings what one member says to the other with its name and the same interaction', async () => {
    const model = kitModel((said, { agent, messages }) => {
      const asked = agent.identity === 'one' && messages.at(-1)?.role === 'user' && said.includes('ask');
      return asked ? callTool('send_message', { peer_id: 'two', body: 'how are you?' }) : 'fine';
    });
    const { mob, events } = await stage().open({ model });
    for (const identity of ['one', 'two']) await mob.spawn({ identity, profile: 'host' });
    await mob.wire('one', 'two');
    await mob.whenIdle();
    const { interactionId } = await mob.send('one', 'ask', { interactionId: 'i-7' });
    await mob.whenIdle();
    const heard = model.requests.findLast(({ agent }) => agent.identity === 'two');
    expect(heard && lastText(heard)).toMatch(/one[^]*how are you\?/);
    expect(events.findLast(({ source }) => source.identity === 'two')?.interactionId).toBe(interactionId);
  });

  it('[engine.steer] reads a steered message within the turn that runs, and a queued one after it', async () => {
    const gate = new Gate();
    const tool = {
      name: 'wait',
      description: 'waits',
      inputSchema: { type: 'object' },
      run: async () => (await gate.wait(), 'waited'),
    };
    const definition = {
      id: 'crew',
      profiles: {
        worker: {
          model: 'kit',
          tools: { comms: true, host: ['wait'] },
          external_addressable: true,
          runtime_mode: 'turn_driven' as const,
        },
      },
    };
    const model = kitModel((_said, { messages }) =>
      messages.some(({ role }) => role === 'tool') ? 'done' : callTool('wait', {}),
    );
    const { mob, events } = await stage().open({ definition, model, tools: [tool] });
    await mob.spawn({ identity: 'one', profile: 'worker' });
    await mob.send('one', 'begin');
    await gate.reached;
    await mob.send('one', 'queued');
    await mob.send('one', 'steered', { handlingMode: 'steer' });
    gate.open();
    await mob.whenIdle();
    const [, second] = model.requests;
    expect(JSON.stringify(second?.messages)).toContain('steered');
    expect(JSON.stringify(second?.messages)).not.toContain('queued');
    expect(events.filter(({ payload }) => payload.type === 'run_started')).toHaveLength(2);
  });

  it('[engine.external] keeps peers outside of the mob, refuses keys of zeros and another key under a name, and forgets them when told', async () => {
    const { mob } = await stage().open();
    await mob.spawn({ identity: 'one', profile: 'worker' });
    const pubkey = Array.from({ length: 32 }, () => 7);
    const peer = { peerId: 'p-1', name: 'far', address: 'tcp://far:1', pubkey };
    const invalid = { code: 'MOB_WIRING_INVALID' };
    await expect(mob.wireExternal('one', { ...peer, pubkey: pubkey.map(() => 0) })).rejects.toMatchObject(
      invalid,
    );
    await mob.wireExternal('one', peer);
    await mob.wireExternal('one', peer);
    await expect(mob.wireExternal('one', { ...peer, pubkey: pubkey.map(() => 8) })).rejects.toMatchObject(
      invalid,
    );
    const again = await stage().restart();
    await again.mob.wireExternal('one', peer);
    await again.mob.unwireExternal('one', 'far');
    await again.mob.unwireExternal('one', 'far');
    const kinds = (await kindsOf(again.mob)).filter((kind) => kind.startsWith('external_'));
    expect(kinds).toEqual(['external_peer_wired', 'external_peer_unwired']);
  });
}
