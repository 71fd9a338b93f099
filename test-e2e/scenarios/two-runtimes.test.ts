import { hostname } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { type AppProcess, mobkit, startServer } from '../support/app-process.js';
import { GO_ON, writeSlowMob } from '../support/slow-mob.js';
import { postgresAddress } from '../support/stores.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface World {
  readonly directory: string;
  readonly mob: string;
  readonly env: NodeJS.ProcessEnv;
}

interface LedgerEvent {
  readonly kind: string;
  readonly cursor: number;
  readonly agent_identity?: string;
}

/** A mob in a Postgres of its own, for processes that each have a state directory. */
function world(): World {
  const directory = temporaryDirectory();
  return { directory, mob: writeSlowMob(directory), env: { MOBKIT_STORE: postgresAddress() } };
}

function stateOf({ directory }: World, name: string): string {
  return join(directory, name);
}

function up(here: World, name: string, ...more: readonly string[]): AppProcess {
  return startServer([here.mob, '--state', stateOf(here, name), ...more], here.env);
}

async function ledgerOf(app: AppProcess): Promise<readonly LedgerEvent[]> {
  const { events } = await app.rpc<{ readonly events: readonly LedgerEvent[] }>(
    'mobkit/mob_events/query',
    {},
  );
  return events;
}

/** The roster and its wiring. */
async function membersOf(app: AppProcess): Promise<readonly unknown[]> {
  const members =
    await app.rpc<readonly { readonly agent_identity: string; readonly wired_to: unknown }[]>(
      'mobkit/list_members',
    );
  return members.map(({ agent_identity, wired_to }) => [agent_identity, wired_to]);
}

async function readyz(
  url: string,
): Promise<{ readonly status: string; readonly problems?: readonly string[] }> {
  return (await (await fetch(`${url}/readyz`)).json()) as { status: string };
}

it('[ownership.refused] refuses a second process with who runs the mob, where that listens and what to do, and exits with 1', async () => {
  const here = world();
  const first = up(here, 'first');
  const url = await first.url();
  const second = await mobkit(['up', here.mob, '--port', '0', '--state', stateOf(here, 'second')], {
    env: here.env,
  });
  expect(second.code).toBe(1);
  expect(second.stderr).toBe(
    `mobkit: Mob "pace" is run by process ${first.pid} on ${hostname()}, at ${url}.\n` +
      'Stop it there, stand by for it with `mobkit up --wait`, or take it over with `mobkit takeover`\n',
  );
  expect(await readyz(url)).toEqual({ status: 'ready' });
  await first.stop();
});

it('[ownership.killed] goes on by itself where it stood by when the process that ran the mob is killed', async () => {
  const here = world();
  const first = up(here, 'first');
  await first.url();
  const before = { members: await membersOf(first), ledger: await ledgerOf(first) };
  const second = up(here, 'second', '--wait');
  const { standby } = await second.line((line) => typeof line['standby'] === 'string');
  expect(await readyz(String(standby))).toMatchObject({
    status: 'standby',
    problems: [expect.stringContaining(`process ${first.pid} on`) as unknown],
  });
  await first.kill();
  expect(await second.url()).toBe(standby);
  expect(await membersOf(second)).toEqual(before.members);
  const after = await ledgerOf(second);
  expect(after.slice(0, before.ledger.length)).toEqual(before.ledger);
  await second.rpc('mobkit/spawn_member', { profile: 'worker', agent_identity: 'three' });
  const ledger = await ledgerOf(second);
  expect(ledger.map(({ cursor }) => cursor)).toEqual(ledger.map((_, at) => at + 1));
  expect(await second.stop()).toMatchObject({ code: 0 });
});

it('[ownership.takeover] hands a mob over in order: the old process says who has it while its turn ends, and exits with 0', async () => {
  const here = world();
  const first = up(here, 'first');
  const url = await first.url();
  await mobkit(['send', 'one', 'slow', '--state', stateOf(here, 'first')]);
  await first.line(({ msg }) => msg.includes('← ') && msg.includes('slow'));
  const second = startServer([here.mob, '--state', stateOf(here, 'second'), '--yes'], here.env, 'takeover');
  await first.line((line) => line['category'] === 'lease_lost');
  expect(await readyz(url)).toMatchObject({
    status: 'not_ready',
    problems: [expect.stringContaining(`process ${second.pid} on`) as unknown],
  });
  await expect(first.rpc('mobkit/send_message', { member_id: 'one', message: 'late' })).rejects.toThrow(
    'handed over',
  );
  process.kill(first.pid, GO_ON);
  await second.url();
  const ended = await first.ended;
  expect(ended).toMatchObject({ code: 0, signal: null });
  // The turn that ran was let end.
  expect(first.lines.at(-1)?.msg).toContain('no run interrupted');
  expect(await membersOf(second)).toHaveLength(2);
  await second.stop();
});

it('[ownership.stalled] keeps nothing of a process that was stopped for longer than its lease, which steps down and stands by', async () => {
  const here = world();
  const first = up(here, 'first', '--wait');
  const url = await first.url();
  await mobkit(['send', 'one', 'slow', '--state', stateOf(here, 'first')]);
  await first.line(({ msg }) => msg.includes('← ') && msg.includes('slow'));
  const second = up(here, 'second', '--wait');
  await second.line((line) => typeof line['standby'] === 'string');
  process.kill(first.pid, 'SIGSTOP');
  await second.url();
  // It is waiting in the socket when the first wakes up.
  const late = fetch(`${url}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'mobkit/spawn_member',
      params: { profile: 'worker', agent_identity: 'late' },
    }),
  }).then((response) => response.json());
  process.kill(first.pid, 'SIGCONT');
  expect(await late).toHaveProperty('error');
  await first.line((line) => line['category'] === 'lease_lost');
  expect(first.lines.find((line) => line['category'] === 'lease_lost')).toMatchObject({
    owner: expect.stringContaining(`process ${second.pid} on`) as unknown,
  });
  await first.line((line) => typeof line['standby'] === 'string');
  await second.rpc('mobkit/spawn_member', { profile: 'worker', agent_identity: 'three' });
  const ledger = await ledgerOf(second);
  expect(ledger.map(({ cursor }) => cursor)).toEqual(ledger.map((_, at) => at + 1));
  const spawned = ledger.filter(({ kind }) => kind === 'member_spawned');
  expect(spawned.map(({ agent_identity }) => agent_identity)).toEqual(['one', 'two', 'three']);
  // An orderly stop: the one that stands by goes on at once, where it listened before.
  expect(await second.stop()).toMatchObject({ code: 0 });
  await first.line(
    ({ msg, ...line }) => line['standby'] === undefined && msg.startsWith('Resumed pace: one, three'),
  );
  expect(await first.stop()).toMatchObject({ code: 0 });
});

it('[ownership.takeover-force] takes a mob at once, and the process that lost it ends with 1 and says who has it', async () => {
  const here = world();
  const first = up(here, 'first');
  await first.url();
  const second = startServer(
    [here.mob, '--state', stateOf(here, 'second'), '--yes', '--force'],
    here.env,
    'takeover',
  );
  await second.url();
  expect(await first.ended).toMatchObject({ code: 1, signal: null });
  expect(first.lines.find(({ msg }) => msg.includes('has taken it over'))).toMatchObject({
    owner: expect.stringContaining(`process ${second.pid} on`) as unknown,
  });
  expect(await readyz(await second.url())).toEqual({ status: 'ready' });
  await second.stop();
});

it('[ownership.takeover-asks] does not take a mob over before it is told that this is meant', async () => {
  const here = world();
  const { code, stderr } = await mobkit(['takeover', here.mob, '--state', stateOf(here, 'any')], {
    env: here.env,
  });
  expect(code).toBe(2);
  expect(stderr).toContain('--yes');
});
