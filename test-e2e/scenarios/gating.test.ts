import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { type AppProcess, mobkit, startServer } from '../support/app-process.js';
import { storeEnvironment, stores } from '../support/stores.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

interface Pending {
  readonly pending_id: string;
  readonly call?: { readonly tool: string; readonly args: unknown };
}

/** A mob of two: one whose only way out waits for somebody, and one who just answers. */
function writeMob(directory: string): string {
  const file = join(directory, 'mob.toml');
  writeFileSync(
    file,
    `[mob]
id = "desk"
orchestrator = "clerk"

[profiles.clerk]
model = "scripted"
external_addressable = true
runtime_mode = "turn_driven"

[profiles.clerk.tools]
comms = true
host = ["deliver"]
gated = { deliver = "r3" }

[[members]]
identity = "kim"
profile = "clerk"

[[members]]
identity = "lee"
profile = "clerk"
`,
  );
  writeFileSync(
    join(directory, 'mobkit.config.toml'),
    `script = "script.toml"

[[routes]]
route_key = "ops"
recipient = "ops"
sink = "log"

[gating]
approvers = ["ann", "bob"]

[gating.tools]
notify = { recipient = "ops", channel = "approvals" }
`,
  );
  writeFileSync(
    join(directory, 'script.toml'),
    `[[rules]]
input = 'tell them (?<what>.+)$'
steps = [
  { calls = [{ tool = "deliver", args = { recipient = "ops", message = "{{what}}" } }] },
  { text = "done" },
]

[[rules]]
input = 'hello'
steps = [{ text = "hi" }]
`,
  );
  return file;
}

const resultsOf = async (app: AppProcess, member: string) => {
  const kept = await app.rpc<
    readonly { readonly event: { readonly payload: { readonly result?: string } } }[]
  >('mobkit/query_events', { identity: member, event_types: ['run_completed', 'run_failed'] });
  return kept.map(({ event }) => event.payload.result);
};

/** What went out through the log, without the notices about it. */
const delivered = ({ lines }: AppProcess) =>
  lines.filter(({ msg, sink }) => sink === 'log' && !msg.includes('gating_approval_request'));

it.each(stores)(
  '[gating.killed] finds a call that waits again after SIGKILL, asks nobody twice and makes it once when it is approved, on %s',
  async (store) => {
    const directory = temporaryDirectory();
    const env = storeEnvironment(store);
    const file = writeMob(directory);
    const state = ['--state', join(directory, 'state')];
    const run = (...args: string[]) => mobkit([...args, ...state], { env });
    const waiting = async (app: AppProcess) =>
      (await app.rpc<{ readonly pending: readonly Pending[] }>('mobkit/gating/pending')).pending;

    // Whoever decides has to see all of it.
    const said = `it is down ${'and down '.repeat(60)}at last`;
    const before = startServer([file, ...state], env);
    await before.url();
    await before.rpc('mobkit/send_message', { member_id: 'kim', message: `tell them ${said}` });
    await expect.poll(() => waiting(before)).toHaveLength(1);
    const [asked] = await waiting(before);
    expect(asked?.call).toEqual({ tool: 'deliver', args: { recipient: 'ops', message: said } });
    await before.rpc('mobkit/send_message', { member_id: 'lee', message: 'hello' });
    await expect.poll(() => resultsOf(before, 'lee')).toEqual(['hi']);
    await before.kill();

    const after = startServer([file, ...state], env);
    await after.url();
    expect(await waiting(after)).toMatchObject([{ pending_id: asked?.pending_id }]);
    const args = JSON.stringify({ recipient: 'ops', message: said });
    expect((await run('approvals')).stdout).toContain(`kim: deliver [r3] ${args}`);
    const id = asked?.pending_id ?? '';
    const self = { pending_id: id, approver_id: 'kim', decision: 'approve' };
    await expect(after.rpc('mobkit/gating/decide', self)).rejects.toThrow('cannot self-approve');
    expect((await run('approve', id, '--by', 'ann', '--reason', 'go')).stdout).toContain('allowed');
    await expect.poll(() => resultsOf(after, 'kim')).toEqual(['done']);
    const audit = (await run('audit', '--json')).stdout.trim().split('\n');
    expect(audit.map((line) => (JSON.parse(line) as { event_type: string }).event_type)).toEqual([
      'pending_created',
      'decision_refused',
      'approval_decided',
    ]);
    // What it printed last may still be on its way until it has ended.
    await after.stop();
    expect([delivered(before).length, delivered(after).length]).toEqual([0, 1]);
  },
);
