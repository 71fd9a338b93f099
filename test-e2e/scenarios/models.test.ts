import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { mobkit } from '../support/app-process.js';
import { type ChatRequest, startChatServer } from '../support/chat-server.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const KEY = 'sk-local-0123456789';

/** A mob of one, whose model is asked at `url`. */
function writeMob(url: string, model: string): { readonly file: string; readonly state: string } {
  const directory = temporaryDirectory();
  const file = join(directory, 'mob.toml');
  writeFileSync(
    file,
    `[mob]
id = "desk"
orchestrator = "clerk"

[profiles.clerk]
model = "${model}"
external_addressable = true
runtime_mode = "turn_driven"
tools = { comms = true, host = ["deliver"] }

[[members]]
identity = "kim"
profile = "clerk"
`,
  );
  writeFileSync(
    join(directory, 'mobkit.config.toml'),
    `[models.local]
base_url = "${url}"
api_key_env = "LOCAL_KEY"

[[routes]]
route_key = "journal"
recipient = "journal"
sink = "log"
`,
  );
  return { file, state: join(directory, 'state') };
}

const resultIn = ({ messages }: ChatRequest) => messages.find(({ role }) => role === 'tool');

it('[models.app] lets a member be answered by a server of the config, tools and all', async () => {
  const args = { recipient: 'journal', message: 'Somebody asked' };
  const { url, asked } = await startChatServer((request) =>
    resultIn(request) ? { text: 'It is in the journal.' } : { tool: 'deliver', args },
  );
  const { file, state } = writeMob(url, 'local/clever');
  const env = { LOCAL_KEY: KEY };
  const once = await mobkit(['up', file, '--state', state, '--once', 'Note it'], { env });
  expect([once.code, once.stdout.trim()]).toEqual([0, 'It is in the journal.']);

  const last = asked.at(-1);
  expect(last?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(last?.model).toBe('clever');
  expect(last?.tools?.map((tool) => tool.function.name)).toContain('deliver');
  expect(last && resultIn(last)?.content).toContain('sent');
});

it('[models.app-key] says in no output and no event which key was refused', async () => {
  const { url } = await startChatServer(() => ({ status: 401, message: `${KEY} is not a key` }));
  const { file, state } = writeMob(url, 'local/clever');
  const env = { LOCAL_KEY: KEY };
  const once = await mobkit(['up', file, '--state', state, '--once', 'Hello'], { env });
  const kept = await mobkit(['events', '--json', '--state', state], { env });
  expect(once.code).toBe(1);
  expect(once.stderr).toContain('[key] is not a key');
  expect(kept.stdout).toContain('run_failed');
  expect(once.stdout + once.stderr + kept.stdout + kept.stderr).not.toContain(KEY);
});

it('[models.app-unknown] answers with the offline model for a name that nobody knows, and warns of it', async () => {
  const { url, asked } = await startChatServer(() => ({ text: 'never' }));
  const { file, state } = writeMob(url, 'gpt-5o');
  const once = await mobkit(['up', file, '--state', state, '--once', 'Hello']);
  expect([once.code, once.stdout.trim()]).toEqual([0, 'ok']);
  expect(once.stderr).toMatch(/no provider knows .*gpt-5o/);
  expect(asked).toEqual([]);
});
