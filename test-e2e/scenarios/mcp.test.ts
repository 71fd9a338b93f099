import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { mobkit, startServer } from '../support/app-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const program = fileURLToPath(
  new URL('../../plugins/mcp-tools/test/support/stdio-server.mjs', import.meta.url),
);

const calls = ['environment', 'pid', 'die'];

/** A mob of one that calls the tool of the server that it is told, and repeats the result. */
function writeMob(): { readonly file: string; readonly state: string } {
  const directory = temporaryDirectory();
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
tools = { comms = true, mcp = ["tries"] }

[[members]]
identity = "kim"
profile = "clerk"
`,
  );
  writeFileSync(
    join(directory, 'mobkit.config.toml'),
    `script = "script.toml"

[mcp.tries]
command = ${JSON.stringify(process.execPath)}
args = [${JSON.stringify(program)}]
env = { GIVEN = "by \${THE_HOST}" }
`,
  );
  writeFileSync(
    join(directory, 'script.toml'),
    calls
      .map(
        (tool) => `[[rules]]
input = 'call ${tool}'
steps = [{ calls = [{ tool = "tries__${tool}" }] }, { text = "done" }]
`,
      )
      .join('\n'),
  );
  return { file, state: join(directory, 'state') };
}

interface Kept {
  readonly event: { readonly event_type: string; readonly payload: { readonly content?: string } };
}

const isLive = (pid: string | undefined) =>
  /^[^Z\s]/.test(spawnSync('ps', ['-o', 'stat=', '-p', pid ?? ''], { encoding: 'utf8' }).stdout.trim());

it('[mcp.app] lets a member use a server, goes on when that dies, and leaves nothing behind', async () => {
  const { file, state } = writeMob();
  const env = { THE_HOST: 'the host' };
  const app = startServer([file, '--state', state], env);
  await app.url();
  for (const [at, tool] of calls.entries()) {
    await mobkit(['send', 'kim', `call ${tool}`, '--state', state], { env });
    const runs = () => app.lines.filter(({ msg }) => msg === 'kim ✓ done').length;
    await app.line(() => runs() > at);
  }
  expect(await app.stop()).toMatchObject({ code: 0, signal: null });

  const kept = await mobkit(['events', '--json', '--state', state], { env });
  const results = kept.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as Kept).event)
    .filter(({ event_type: type }) => type === 'tool_result_received')
    .map(({ payload }) => payload.content);
  expect(results).toHaveLength(calls.length);
  expect(results[0]).toContain('"GIVEN":"by the host"');
  expect(results[2]).toMatch(/^MOB_TOOLS_UNAVAILABLE: MCP server "tries"/);
  expect(isLive(results[1])).toBe(false);
  expect(
    app.lines.filter(({ msg }) => msg.includes('MCP server "tries"') && !msg.startsWith('kim')),
  ).toHaveLength(1);
});
