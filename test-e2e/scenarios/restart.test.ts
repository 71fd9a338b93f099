import { expect, it } from 'vitest';

import { type AppProcess, mobkit, startServer } from '../support/app-process.js';
import { readFrames } from '../support/event-stream.js';
import { writeSlowMob } from '../support/slow-mob.js';
import { storeEnvironment, stores } from '../support/stores.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface Member {
  readonly agent_identity: string;
  readonly wired_to: readonly string[];
}
interface MobEvents {
  readonly events: readonly { readonly cursor: number; readonly kind: string }[];
  readonly next_after_seq: number;
}
interface KeptEvent {
  readonly seq: number;
  readonly event: { readonly event_type: string; readonly payload: { readonly result?: string } };
}

/** Starts servers, one after another, of one mob in one store. */
function oneMob(store: (typeof stores)[number]) {
  const env = storeEnvironment(store);
  const directory = temporaryDirectory();
  const mob = writeSlowMob(directory);
  const state = ['--state', `${directory}/state`];
  return {
    async start(): Promise<AppProcess> {
      const app = startServer([mob, ...state], env);
      await app.url();
      return app;
    },
    run: (command: string, ...args: string[]) => mobkit([command, ...args, ...state], { env }),
  };
}

/** Sends a message and waits until its run has begun, or ended. */
async function send(app: AppProcess, member: string, message: string, until: string): Promise<void> {
  const url = await app.url();
  const { interaction_id: interaction } = await app.rpc<{ interaction_id: string }>('mobkit/send_message', {
    member_id: member,
    message,
  });
  await readFrames(
    `${url}/agents/${member}/events`,
    (frames) => frames.some(({ event, data }) => event === until && data['interaction_id'] === interaction),
    `${member}:0.0`,
  );
}

it.each(stores)(
  '[app.resume] resumes roster, wiring, sessions and cursors after SIGKILL, on %s',
  async (store) => {
    const { start } = oneMob(store);
    const before = await start();
    await send(before, 'one', 'remember me', 'run_completed');
    await before.rpc('mobkit/spawn_member', { role: 'worker', agent_identity: 'three' });
    // Its first run too: one that SIGKILL interrupts shows in the roster.
    await send(before, 'three', 'welcome', 'run_completed');
    const roster = await before.rpc<readonly Member[]>('mobkit/list_members');
    const ledger = await before.rpc<MobEvents>('mobkit/mob_events/query', { after_seq: 0 });
    await before.kill();

    const after = await start();
    expect(after.lines.find(({ msg }) => msg.startsWith('Resumed'))).toBeDefined();
    expect(await after.rpc('mobkit/list_members')).toEqual(roster);
    expect(roster.find(({ agent_identity: name }) => name === 'three')?.wired_to).toEqual(['one', 'two']);
    const resumed = await after.rpc<MobEvents>('mobkit/mob_events/query', { after_seq: 0 });
    expect(resumed.events.slice(0, ledger.events.length)).toEqual(ledger.events);
    await after.rpc('mobkit/spawn_member', { role: 'worker', agent_identity: 'four' });
    const next = await after.rpc<MobEvents>('mobkit/mob_events/query', { after_seq: resumed.next_after_seq });
    expect(next.events[0]).toMatchObject({ cursor: resumed.next_after_seq + 1, kind: 'member_spawned' });
  },
);

it.each(stores)(
  '[app.next-cursor] numbers events after a restart from where the log ended, on %s',
  async (store) => {
    const { start, run } = oneMob(store);
    for (const message of ['first', 'second']) {
      const app = await start();
      await send(app, 'one', message, 'run_completed');
      expect((await app.stop()).code).toBe(0);
    }
    const { stdout } = await run('events', '--json');
    const kept = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as KeptEvent);
    expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, at) => at + 1));
    const results = kept.flatMap(({ event }) =>
      event.event_type === 'run_completed' ? [event.payload.result ?? ''] : [],
    );
    expect(results.filter((result) => /first|second/.test(result))).toHaveLength(2);
  },
);

it.each(stores)(
  '[app.lost-turn] reports the run that was in flight when the process was killed, and works on what waited, on %s',
  async (store) => {
    const { start } = oneMob(store);
    const before = await start();
    await send(before, 'one', 'a slow question', 'run_started');
    await before.rpc('mobkit/send_message', { member_id: 'one', message: 'waited behind it' });
    await before.kill();

    const after = await start();
    const lost = await after.line(({ msg }) => msg.includes('was lost'));
    expect(lost).toMatchObject({ identity: 'one', msg: expect.stringContaining('a slow question') });
    const frames = await readFrames(
      `${await after.url()}/agents/one/events`,
      (seen) =>
        seen.some(
          ({ event, data }) => event === 'run_completed' && String(data['result']).includes('waited'),
        ),
      'one:0.0',
    );
    expect(frames.filter(({ event }) => event === 'run_failed')).toHaveLength(1);
  },
);

it.each(stores)(
  '[app.stream-restart] resumes a stream across a restart, missing and repeating nothing, on %s',
  async (store) => {
    const { start } = oneMob(store);
    const before = await start();
    await send(before, 'one', 'before', 'run_completed');
    const some = await readFrames(`${await before.url()}/mob/events`, (seen) => seen.length >= 5, 'mob:0.0');
    expect((await before.stop()).code).toBe(0);

    const after = await start();
    await send(after, 'two', 'after', 'run_completed');
    const ended = (seen: Awaited<ReturnType<typeof readFrames>>) =>
      seen.some(({ event, data }) => {
        const { result } = data['payload'] as { result?: string };
        return event === 'run_completed' && result?.includes('after') === true;
      });
    const url = `${await after.url()}/mob/events`;
    const all = await readFrames(url, ended, 'mob:0.0');
    const rest = await readFrames(url, ended, some.at(-1)?.id);
    expect(all.filter(({ event }) => event === 'gap')).toEqual([]);
    expect([...some, ...rest].map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  },
);
