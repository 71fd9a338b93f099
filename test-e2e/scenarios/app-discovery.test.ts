import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { type AppProcess, mobkit, startServer } from '../support/app-process.js';
import { writePhaseMob } from '../support/phase-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface World {
  readonly mob: string;
  readonly state: string;
  /** Says who should exist. */
  readonly source: string;
}

/** A mob without members of its own, whose config names a file of them; the post-spawn hook says whom it was told of. */
function world(): World {
  const directory = temporaryDirectory();
  const mob = writePhaseMob(
    directory,
    [],
    `config.discovery = { file: 'crew.json' };
config.hooks = { postSpawn: (identities) => say('spawned ' + identities.join(' ')) };`,
  );
  return { mob, state: join(directory, 'state'), source: join(directory, 'crew.json') };
}

function write({ source }: World, identities: readonly string[], edges: readonly object[] = []): void {
  const members = identities.map((identity) => ({ identity, profile: 'worker', labels: { team: 'red' } }));
  writeFileSync(source, JSON.stringify({ members, edges }));
}

async function membersOf(app: AppProcess): Promise<readonly unknown[]> {
  const members =
    await app.rpc<readonly { readonly agent_identity: string; readonly wired_to: unknown }[]>(
      'mobkit/list_members',
    );
  return members.map(({ agent_identity, wired_to }) => [agent_identity, wired_to]);
}

async function spawnsOf(app: AppProcess): Promise<readonly string[]> {
  const { events } = await app.rpc<{ readonly events: readonly { readonly agent_identity: string }[] }>(
    'mobkit/mob_events/query',
    { event_types: ['member_spawned'] },
  );
  return events.map(({ agent_identity }) => agent_identity);
}

const hooked = (app: AppProcess) =>
  app.lines.map(({ msg }) => msg).filter((msg) => msg.startsWith('spawned '));

it('[app.discovery] spawns and wires who a file of the config names before it says where it listens, and a restart spawns only who is new', async () => {
  const here = world();
  write(here, ['b', 'a'], [{ a: 'a', b: 'b' }]);
  const app = startServer([here.mob, '--state', here.state]);
  await app.url();
  expect(await membersOf(app)).toEqual([
    ['a', ['b']],
    ['b', ['a']],
  ]);
  expect(hooked(app)).toEqual(['spawned b a']);
  expect(await app.stop()).toMatchObject({ code: 0, stderr: '' });

  write(here, ['c', 'a', 'b'], [{ a: 'a', b: 'b' }]);
  const next = startServer([here.mob, '--state', here.state]);
  await next.url();
  expect((await membersOf(next)).map((member) => (member as [string])[0])).toEqual(['a', 'b', 'c']);
  expect(await spawnsOf(next)).toEqual(['b', 'a', 'c']);
  expect(hooked(next)).toEqual(['spawned c']);
  expect(await next.stop()).toMatchObject({ code: 0, stderr: '' });
});

it('[app.post-spawn] tells the post-spawn hook of the config of a member that is spawned over RPC', async () => {
  const here = world();
  write(here, []);
  const app = startServer([here.mob, '--state', here.state]);
  await app.url();
  expect(hooked(app)).toEqual([]);
  await app.rpc('mobkit/spawn_member', { agent_identity: 'late', role: 'worker' });
  await app.line(({ msg }) => msg === 'spawned late');
});

it('[app.discovery-fails] does not start without the file that says who should exist, nor with one that is wrong, and says why', async () => {
  const here = world();
  const up = () => mobkit(['up', '--port', '0', here.mob, '--state', here.state]);
  const missing = await up();
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('crew.json') as unknown });
  expect(missing.stderr).toMatch(/^mobkit: [^\n]+\n$/u);

  writeFileSync(here.source, JSON.stringify({ members: [{ identity: ' ', profile: 'worker' }] }));
  const wrong = await up();
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('members[0].identity') as unknown });
  expect(wrong.stderr).toMatch(/^mobkit: [^\n]+\n$/u);

  writeFileSync(here.source, JSON.stringify({ members: [{ identity: 'a', profile: 'nobody' }] }));
  expect(await up()).toMatchObject({ code: 1, stderr: expect.stringContaining('"nobody"') as unknown });
  expect(existsSync(join(here.state, 'server.json'))).toBe(false);

  write(here, ['a']);
  const app = startServer([here.mob, '--state', here.state]);
  await app.url();
  expect(await spawnsOf(app)).toEqual(['a']);
  rmSync(here.source);
  expect(await app.stop()).toMatchObject({ code: 0, stderr: '' });
});
