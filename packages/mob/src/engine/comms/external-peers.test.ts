import { type ExternalPeer, type MobHandle, type PeerAddress, textOf } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { fakeModel, hasResults, toolCalls, userTexts } from '../../../test/fake-model.js';
import { ledgerOf, memoryStorage, openTestMob, testDefinition } from '../../../test/open-test-mob.js';

const pubkey = Array.from({ length: 32 }, (_, at) => at);
const far: ExternalPeer = { peerId: 'p-1', name: 'far', address: 'inproc://other/host/her', pubkey };

async function aMember(options: Parameters<typeof openTestMob>[0] = {}) {
  const opened = await openTestMob(options);
  await opened.mob.spawn({ identity: 'one', profile: 'worker' });
  return opened;
}

const known = (mob: MobHandle) => mob.member('one')?.externalPeers;

it('[comms.external-peer] keeps whom a member knows outside with one event, over a restart and a respawn, until it is taken back', async () => {
  const storage = await memoryStorage();
  const { mob } = await aMember({ storage });
  await mob.wireExternal('one', far);
  await mob.wireExternal('one', { ...far, pubkey: [...pubkey] });
  expect((await ledgerOf(mob)).slice(2).map(({ kind }) => kind)).toEqual([
    {
      type: 'external_peer_wired',
      local: 'one',
      spec: { peer_id: 'p-1', name: 'far', address: 'inproc://other/host/her', pubkey },
    },
  ]);
  await mob.respawn('one');
  await mob.shutdown();
  const again = await openTestMob({ storage });
  expect(known(again.mob)).toEqual([far]);
  await again.mob.unwireExternal('one', 'nobody');
  await again.mob.unwireExternal('one', 'far');
  await again.mob.unwireExternal('one', 'far');
  expect(known(again.mob)).toBeUndefined();
  const last = (await ledgerOf(again.mob)).slice(-2).map(({ kind }) => kind.type);
  expect(last).toEqual(['external_peer_wired', 'external_peer_unwired']);
});

it('[comms.external-peer-checked] refuses a key of zeros, another key under a known name, and what is no peer', async () => {
  const { mob } = await aMember();
  await mob.wireExternal('one', far);
  const other = pubkey.toReversed();
  for (const peer of [
    { ...far, pubkey: other },
    { ...far, peerId: 'p-9', name: 'near', pubkey: Array.from({ length: 32 }, () => 0) },
    { ...far, name: 'near' },
    { ...far, name: 'one', peerId: 'p-2' },
  ]) {
    await expect(mob.wireExternal('one', peer)).rejects.toMatchObject({ code: 'MOB_WIRING_INVALID' });
  }
  for (const [peer, field] of [
    [{ ...far, pubkey: pubkey.slice(1) }, 'pubkey'],
    [{ ...far, pubkey: pubkey.map((byte) => byte + 250) }, 'pubkey'],
    [{ ...far, name: 'a]\n[b' }, 'name'],
    [{ ...far, name: ' ' }, 'name'],
    [{ ...far, peerId: '\0' }, 'peerId'],
    [{ ...far, address: '' }, 'address'],
  ] as const) {
    await expect(mob.wireExternal('one', peer)).rejects.toThrow(new RegExp(`^${field} `));
  }
  await expect(mob.wireExternal('nobody', far)).rejects.toMatchObject({ code: 'MOB_MEMBER_NOT_FOUND' });
  await mob.wireExternal('one', { ...far, address: 'inproc://other/host/him' });
  expect(known(mob)).toEqual([{ ...far, address: 'inproc://other/host/him' }]);
});

it('[comms.external-name] refuses a member under the name or id of a peer outside until nobody knows it any more', async () => {
  const storage = await memoryStorage();
  let { mob } = await aMember({ storage });
  await mob.spawn({ identity: 'two', profile: 'worker' });
  await mob.wireExternal('one', { ...far, address: 'inproc://other/host/him' });
  await mob.wireExternal('one', far);
  await mob.wireExternal('two', far);
  const refused = { code: 'MOB_WIRING_INVALID' };
  const spawns = () => ['far', 'p-1'].map((identity) => mob.spawn({ identity, profile: 'worker' }));
  for (const spawn of spawns()) await expect(spawn).rejects.toMatchObject(refused);
  await mob.shutdown();
  ({ mob } = await openTestMob({ storage }));
  await mob.unwireExternal('one', 'far');
  for (const spawn of spawns()) await expect(spawn).rejects.toMatchObject(refused);
  await mob.retire('two');
  for (const spawn of spawns()) await expect(spawn).resolves.toMatchObject({ status: 'active' });
  await expect(mob.wireExternal('one', far)).rejects.toMatchObject(refused);
});

it('[comms.external-delivery] carries messages between members of two mobs that know each other, and to nobody else', async () => {
  const mobs = new Map<string, MobHandle>();
  const asked: PeerAddress[] = [];
  const resolvePeer = (address: PeerAddress) => (asked.push(address), mobs.get(address.mobId));
  const model = fakeModel((said, request) => {
    if (request.agent.mobId !== 'crew' || hasResults(request)) return said;
    const to = ['p-1', 'far', 'lost', 'wire', 'stranger'];
    return toolCalls(
      ['peers', {}],
      ...to.map((peer_id) => ['send_message', { peer_id, body: 'hi' }] as const),
    );
  });
  const { mob } = await aMember({ model, resolvePeer });
  const other = await openTestMob({ definition: { ...testDefinition, id: 'other' }, model });
  await other.mob.spawn({ identity: 'her', profile: 'host' });
  await other.mob.whenIdle();
  mobs.set('other', other.mob);
  const [lost, wire] = ['inproc://third/host/her', 'tcp://10.0.0.1:9'];
  await mob.wireExternal('one', far);
  await mob.wireExternal('one', { ...far, peerId: 'p-2', name: 'lost', address: lost });
  await mob.wireExternal('one', { ...far, peerId: 'p-3', name: 'wire', address: wire });

  await mob.send('one', 'go', { interactionId: 'i-1' });
  await mob.whenIdle();
  const results = () => model.requests.findLast(({ agent }) => agent.mobId === 'crew')!.messages.slice(-6);
  const texts = () => results().map(({ content }) => textOf(content));
  expect(JSON.parse(texts()[0]!)).toMatchObject([
    {
      peer_id: 'p-1',
      name: 'far',
      source: 'external',
      address: { transport: 'inproc', endpoint: far.address },
    },
    { peer_id: 'p-2' },
    { peer_id: 'p-3', address: { transport: 'tcp' } },
  ]);
  expect(
    texts()
      .slice(1)
      .map((text) => text.split(':')[0]),
  ).toEqual([
    // The other side does not know him.
    'MOB_PEER_UNTRUSTED',
    'MOB_PEER_UNTRUSTED',
    'MOB_PEER_UNREACHABLE',
    'MOB_PEER_UNREACHABLE',
    'MOB_PEER_UNTRUSTED',
  ]);
  expect(asked[0]).toEqual({ mobId: 'other', role: 'host', identity: 'her' });

  await other.mob.wireExternal('her', { ...far, name: 'him', address: 'inproc://crew/worker/one' });
  const receipt = await mob.sendAsMember('one', 'far', 'hello', { interactionId: 'i-2' });
  expect(receipt).toEqual({ envelopeId: expect.any(String), to: 'p-1', interactionId: 'i-2' });
  await other.mob.whenIdle();
  expect(userTexts(model.requests.at(-1)!.messages).at(-1)).toBe('[message from him]\nhello');
  expect(other.events.at(-1)?.interactionId).toBe('i-2');
  await mob.unwireExternal('one', 'far');
  await expect(mob.sendAsMember('one', 'far', 'x')).rejects.toMatchObject({ code: 'MOB_PEER_UNTRUSTED' });
});
