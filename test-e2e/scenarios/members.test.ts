import { join } from 'node:path';

import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

it('[app.member] prints what is known of one member, of the running mob and as it was kept, and refuses one that there is not', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  const server = startServer([writeSlowMob(directory), '--state', state]);
  await server.url();
  const show = (...args: readonly string[]) => mobkit(['members', ...args, '--state', state]);
  await server.rpc('mobkit/send_message', { member_id: 'one', message: 'fail' });
  await expect.poll(async () => (await show('one')).stdout).toMatch(/^last error +told to fail$/m);
  const running = await show('one');
  expect(running).toMatchObject({ code: 0, stderr: '' });
  for (const line of [
    /^member +one:0$/m,
    /^state +Active, at rest, 0 waiting$/m,
    /^profile +worker$/m,
    /^model +slow$/m,
    /^wired to +two$/m,
    /^session +\S+$/m,
  ])
    expect(running.stdout).toMatch(line);
  expect(JSON.parse((await show('one', '--json')).stdout)).toMatchObject({
    agent_identity: 'one',
    generation: 0,
    state: 'Active',
    model: 'slow',
    wired_to: ['two'],
    last_error: 'told to fail',
  });
  const absent = await show('nobody');
  expect(absent).toMatchObject({ code: 1, stdout: '' });
  expect(absent.stderr).toContain('No member is named "nobody"');
  await server.stop();

  const kept = await show('one');
  expect(kept.code).toBe(0);
  expect(kept.stderr).toContain('as it was kept');
  expect(kept.stdout).toMatch(/^model +slow$/m);
  expect(kept.stdout).not.toContain('last error');
  expect(JSON.parse((await show('one', '--json')).stdout)).toMatchObject({ model: 'slow', waiting: 0 });
  expect(await show('nobody')).toMatchObject({ code: 1, stdout: '' });
});
