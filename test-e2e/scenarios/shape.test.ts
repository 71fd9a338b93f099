import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const MOB = `[mob]
id = "crew"

[profiles.worker]
model = "scripted"
runtime_mode = "turn_driven"
external_addressable = true
tools = { comms = true }
`;

interface Shape {
  readonly members: readonly string[];
  readonly edges?: readonly (readonly [a: string, b: string])[];
}

/** A mob whose members and wires stand in a file beside it. */
function writeMob(config = ''): { readonly mob: string; readonly state: string; want(shape: Shape): void } {
  const directory = temporaryDirectory();
  const mob = join(directory, 'mob.toml');
  writeFileSync(mob, MOB);
  writeFileSync(join(directory, 'mobkit.config.toml'), `[discovery]\nfile = "shape.json"\n${config}`);
  return {
    mob,
    state: join(directory, 'state'),
    want({ members, edges = [] }) {
      const document = {
        members: members.map((identity) => ({ identity, profile: 'worker' })),
        edges: edges.map(([a, b]) => ({ a, b })),
      };
      // As one step, so that nobody reads half of it.
      writeFileSync(join(directory, 'next.json'), JSON.stringify(document));
      renameSync(join(directory, 'next.json'), join(directory, 'shape.json'));
    },
  };
}

interface Member {
  readonly agent_identity: string;
  readonly wired_to: readonly string[];
}

it('[app.shape] starts with the members and wires that a file asks for, shows what it asks for later, and applies it when told to', async () => {
  const { mob, state, want } = writeMob();
  want({ members: ['a', 'b'], edges: [['b', 'a']] });
  const app = startServer([mob, '--state', state]);
  const roster = async () =>
    (await app.rpc<readonly Member[]>('mobkit/list_members')).map(
      ({ agent_identity: identity, wired_to: wired }) => [identity, ...wired],
    );
  expect(await roster()).toEqual([
    ['a', 'b'],
    ['b', 'a'],
  ]);
  const run = (...args: string[]) => mobkit([...args, '--state', state]);
  expect(await run('plan')).toMatchObject({ code: 0, stdout: 'Nothing to change in crew\n' });

  want({ members: ['b', 'c'], edges: [['b', 'c']] });
  const shown = await run('plan');
  expect(shown.stdout.split('\n')).toEqual([
    '- member a, worker (is there and not desired)',
    '+ member c, worker (is desired and not there)',
    '+ wire b - c (is desired and not there)',
    '- route mob.member.a (leads to nobody who works here)',
    '+ route mob.member.c (its member has no route)',
    'crew: 1 to spawn, 1 to retire, 1 to wire, 0 to unwire',
    '',
  ]);
  const asked = await run('apply');
  expect(asked).toMatchObject({ code: 2 });
  expect(asked.stderr).toContain('1 will be retired, with what waits for them: a. Say --yes if you mean it');
  expect(await roster()).toHaveLength(2);

  expect(await run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' });
  expect(await roster()).toEqual([
    ['b', 'c'],
    ['c', 'b'],
  ]);
  expect(await run('plan')).toMatchObject({ stdout: 'Nothing to change in crew\n' });

  // A restart knows which wires are its own: it takes away the one that is not asked for any more.
  expect(await app.stop()).toMatchObject({ code: 0 });
  want({ members: ['b', 'c'] });
  const next = startServer([mob, '--state', state]);
  expect(await next.rpc('mobkit/list_members')).toMatchObject([{ wired_to: [] }, { wired_to: [] }]);
  expect(await next.rpc('mobkit/mob_events/query', { event_types: ['member_spawned'] })).toMatchObject({
    events: { length: 3 },
  });
});

it('[app.shape-converges] follows the file by itself when the config says so', async () => {
  const { mob, state, want } = writeMob('[runtime]\nreconcile = "converge"\n');
  want({ members: ['a'] });
  const app = startServer([mob, '--state', state]);
  await app.url();
  want({ members: ['a', 'b'], edges: [['a', 'b']] });
  for (let members: readonly Member[] = []; members[1]?.wired_to[0] !== 'a';) {
    members = await app.rpc<readonly Member[]>('mobkit/list_members');
  }
  expect(await app.stop()).toMatchObject({ code: 0, stderr: '' });
});

it('[app.shape-refused] does not start while the file cannot be used, and says where and why', async () => {
  const { mob, state, want } = writeMob();
  want({ members: ['a', 'a'] });
  const refused = await mobkit(['up', mob, '--state', state, '--port', '0']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/shape\.json.*members\[1\]/s);
});

it('[app.roster] adds, respawns and retires members of the running mob', async () => {
  const { mob, state, want } = writeMob();
  want({ members: [] });
  const app = startServer([mob, '--state', state]);
  await app.url();
  const run = (...args: string[]) => mobkit([...args, '--state', state]);
  expect(await run('spawn', 'a')).toMatchObject({ code: 2 });
  expect(await run('spawn', 'a', '--profile', 'worker', '--label', 'team=night')).toMatchObject({
    code: 0,
    stdout: 'a is a member\n',
  });
  expect(await app.rpc('mobkit/find_members', { label_key: 'team', label_value: 'night' })).toMatchObject([
    { agent_identity: 'a', labels: { team: 'night' } },
  ]);
  expect(await run('spawn', 'b', '--profile', 'nobody')).toMatchObject({ code: 1 });
  expect(await run('respawn', 'a')).toMatchObject({ code: 0, stdout: 'a begins anew\n' });
  expect(await run('retire', 'a')).toMatchObject({ code: 0, stdout: 'a is not a member any more\n' });
  expect(await app.rpc('mobkit/list_members')).toEqual([]);
});
