import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Lets a hook of the config never answer when the environment says so. */
function addHangingHook(directory: string): void {
  appendFileSync(
    join(directory, 'mobkit.config.mjs'),
    `config.hooks = {
  preSpawn: () => {
    if (!process.env.HANG) return;
    console.log(JSON.stringify({ msg: 'the hook hangs' }));
    return new Promise((resolve) => setInterval(() => {}, 1e6));
  },
};
`,
  );
}

it('[app.stop-while-starting] ends in order when it is stopped while it starts, and starts again as if nothing had been', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  const mob = writeSlowMob(directory);
  addHangingHook(directory);
  const hanging = startServer([mob, '--state', state], { HANG: '1' });
  await hanging.line(({ msg }) => msg === 'the hook hangs');
  // The hook's own timer keeps that process alive: it is ended all the same.
  expect(await hanging.stop('SIGTERM')).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(hanging.lines.at(-1)?.msg).toBe('Stopped before it had started');

  const next = startServer([mob, '--state', state]);
  await next.url();
  const { events } = await next.rpc<{ readonly events: readonly { readonly kind: string }[] }>(
    'mobkit/mob_events/query',
    { event_types: ['member_spawned'] },
  );
  expect(events).toHaveLength(2);
  expect(await next.stop()).toMatchObject({ code: 0 });
});

it('[app.second-signal] waits for a turn at the first SIGTERM, and ends at once at the second', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  const app = startServer([writeSlowMob(directory), '--state', state]);
  await app.url();
  await mobkit(['send', 'one', 'slow', '--state', state]);
  await app.line(({ msg }) => msg.includes('← ') && msg.includes('slow'));
  process.kill(app.pid, 'SIGTERM');
  await app.line(({ msg }) => msg.startsWith('SIGTERM: stopping'));
  expect(await app.stop('SIGTERM')).toMatchObject({ code: 143, signal: null });
});
