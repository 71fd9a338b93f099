import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { type AppProcess, mobkit, startServer } from '../support/app-process.js';
import { writePhaseMob } from '../support/phase-mob.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface Report {
  readonly drain: { readonly drainedCount: number; readonly timedOut: boolean };
}

interface StructuralEvent {
  readonly kind: string;
  readonly agent_identity?: string;
}

function reportOf(app: AppProcess): Report {
  return app.lines.find(({ msg }) => msg.startsWith('Shut down'))?.['report'] as Report;
}

async function ledgerOf(app: AppProcess): Promise<readonly string[]> {
  const { events } = await app.rpc<{ readonly events: readonly StructuralEvent[] }>(
    'mobkit/mob_events/query',
    { event_types: ['mob_created', 'member_spawned', 'member_retired'] },
  );
  return events.map(({ kind, agent_identity }) => (agent_identity ? `${kind} ${agent_identity}` : kind));
}

it('[app.no-members] runs a mob without members, and ends it without waiting for anybody', async () => {
  const directory = temporaryDirectory();
  const app = startServer([writePhaseMob(directory, []), '--state', join(directory, 'state')]);
  const url = await app.url();
  expect(await app.rpc('mobkit/status')).toMatchObject({ running: true, loaded_modules: [] });
  expect(await app.rpc('mobkit/list_members')).toEqual([]);
  expect(await ledgerOf(app)).toEqual(['mob_created']);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await app.stop()).toMatchObject({ code: 0, signal: null, stderr: '' });
  expect(reportOf(app)).toMatchObject({
    drain: { drainedCount: 0, timedOut: false },
    moduleShutdown: { terminatedModules: [], orphanProcesses: 0 },
    mobStop: 'ok',
    errors: [],
  });
});

it('[app.drain] lets a member that works end its turn at SIGTERM, keeps what it said, and frees the port', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  const app = startServer([writePhaseMob(directory, ['one']), '--state', state]);
  const url = await app.url();
  await app.rpc('mobkit/send_message', { member_id: 'one', message: 'HOLD' });
  await app.line(({ msg }) => msg.includes('HOLD'));
  expect(await app.stop()).toMatchObject({ code: 0, signal: null, stderr: '' });
  const report = reportOf(app);
  expect(report).toMatchObject({
    drain: { timedOut: false },
    moduleShutdown: { orphanProcesses: 0 },
    mobStop: 'ok',
    mob: { interrupted: [] },
    errors: [],
  });
  expect(report.drain.drainedCount).toBeGreaterThan(0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  const { stdout } = await mobkit(['events', '--json', '--state', state]);
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown;
  expect(last).toMatchObject({ event: { event_type: 'interaction_complete', payload: { result: 'done' } } });
});

it('[app.hook-fails] does not start when the pre-spawn hook fails, says its words, and exits with 1', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  const hook = `config.hooks = { preSpawn: () => { if (process.env.BROKEN) throw new Error('no workspace'); } };`;
  const mob = writePhaseMob(directory, ['one'], hook);
  const failed = await mobkit(['up', '--port', '0', mob, '--state', state], { env: { BROKEN: '1' } });
  expect(failed).toMatchObject({ code: 1, stderr: 'mobkit: pre-spawn hook failed: no workspace\n' });
  expect(failed.stdout).not.toContain('one ←');
  expect(readdirSync(state)).not.toContain('server.json');
  const next = startServer([mob, '--state', state]);
  await next.url();
  expect(await ledgerOf(next)).toEqual(['mob_created', 'member_spawned one']);
});

const openingMob = (open: string) => `config.plugins.push({
  name: 'own-engine',
  register: (context) => context.provide(tokens.mobEngine, () => engineOf(context, async (open) => {
    if (!process.env.STOP) return open();
    ${open}
  })),
});`;

/** Where a start is when it is told to stop. */
const phases = {
  'while its config is read': `if (process.env.STOP) await stopMyself();`,
  'while a part opens': `config.plugins.push({
  name: 'slow-part',
  register: (context) => context.lifecycle.add({
    name: 'slow-part',
    start: async () => { if (process.env.STOP) await stopMyself(); },
    stop: async () => say('the part is closed'),
  }),
});`,
  'before the mob is open': openingMob('await stopMyself(); return open();'),
  'when the mob is open': openingMob('const opened = await open(); await stopMyself(); return opened;'),
  'while a source is asked': `config.plugins.push({
  name: 'own-source',
  register: (context) => context.provide(tokens.discovery, () => ({
    discover: async () => {
      if (process.env.STOP) await stopMyself();
      return [{ identity: 'three', profile: 'worker' }];
    },
  })),
});`,
  'after members were spawned': `config.plugins.push({
  name: 'own-source',
  register: (context) => context.provide(tokens.discovery, () => ({
    discover: async () => [{ identity: 'three', profile: 'worker' }],
  })),
});
config.hooks = { postSpawn: () => process.env.STOP && stopMyself() };`,
  'while the pre-spawn hook runs': `config.hooks = { preSpawn: () => process.env.STOP && stopMyself() };`,
};

it.each(Object.entries(phases))(
  '[app.stop-phases] gives up its start when it is stopped %s, and starts afterwards as if nothing had been',
  async (phase, config) => {
    const directory = temporaryDirectory();
    const state = join(directory, 'state');
    const mob = writePhaseMob(directory, ['one', 'two'], config);
    const app = startServer([mob, '--state', state], { STOP: '1' });
    expect(await app.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    const lines = app.lines.map(({ msg }) => msg);
    expect(lines.at(-1)).toBe('Stopped before it had started');
    expect(lines.filter((line) => line.includes('←'))).toEqual([]);
    expect(lines.includes('the part is closed')).toBe(phase === 'while a part opens');

    const next = startServer([mob, '--state', state]);
    await next.url();
    const events = await ledgerOf(next);
    expect(events.slice(0, 3)).toEqual(['mob_created', 'member_spawned one', 'member_spawned two']);
    // Who was discovered and spawned was retired again.
    const [spawned, retired] = ['member_spawned three', 'member_retired three'];
    const undone = phase === 'after members were spawned' ? [spawned, retired] : [];
    expect(events.slice(3)).toEqual(config.includes("'three'") ? [...undone, spawned] : []);
    expect(await next.stop()).toMatchObject({ code: 0, stderr: '' });
  },
);
