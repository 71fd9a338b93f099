import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { appMain, mobkit, startServer } from '../support/app-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** A mob of one member, with a fixed route. Returns its file. */
function writeMob(directory: string): string {
  const file = join(directory, 'mob.toml');
  writeFileSync(file, mob);
  writeFileSync(join(directory, 'mobkit.config.toml'), config);
  return file;
}

const mob = `
[mob]
id = "crew"

[profiles.worker]
model = "scripted"
tools = { comms = true }

[[members]]
identity = "one"
profile = "worker"
`;
const config = `
[[routes]]
route_key = "pager"
recipient = "ops"
channel = "alert"
sink = "log"
retry_max = 3
`;

it('[routing.command] shows and changes the routes of a running mob, which it keeps over a restart', async () => {
  const directory = temporaryDirectory();
  const state = join(directory, 'state');
  const file = writeMob(directory);
  const routes = (...args: readonly string[]) => mobkit(['routes', ...args, '--state', state]);
  const first = startServer([file, '--state', state]);
  await first.url();
  const added = await routes('add', 'mail', '--to', 'a@b.example', '--sink', 'log', '--rate-limit', '9');
  expect(added).toMatchObject({ code: 0, stdout: 'mail: a@b.example on * -> log, 9 a minute\n' });
  const wrong = await routes('add', 'pager', '--to', 'ops', '--sink', 'log');
  expect(wrong).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("route_key 'pager' is fixed by the config") as string,
  });
  const before = await first.rpc<object>('mobkit/routing/resolve', { recipient: 'a@b.example' });
  await first.stop();

  const second = startServer([file, '--state', state]);
  await second.url();
  expect((await routes()).stdout).toMatch(
    /^pager: ops on alert -> log, 3 retries\nmail: a@b\.example on \* -> log, 9 a minute\nmob\.member\.one: one on notification -> mob_member\n$/,
  );
  const resolved = await routes('resolve', 'a@b.example', '--json');
  expect({ ...(JSON.parse(resolved.stdout) as object), route_id: '' }).toEqual({ ...before, route_id: '' });
  expect((await routes('delete', 'mail')).stdout).toMatch(/^deleted: mail: /);
  expect((await routes('resolve', 'a@b.example')).stdout).toBe(
    'a@b.example on notification -> email by delivery (no route), 1 retry, first after 250 ms, 2 a minute\n',
  );
  expect((await routes('delete', 'mail')).stderr).toContain("route_key 'mail' was not found");
});

it('[routing.module] serves the routes of the config as an MCP server, and answers what was asked before its input ended', () => {
  const directory = temporaryDirectory();
  const file = writeMob(directory);
  const call = (id: number, args: object) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'routing.resolve', arguments: args },
  });
  const asked = [
    {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', id: 2, method: 'tools/list' },
    call(3, { recipient: 'ops', channel: 'alert', retry_max: null, backoff_ms: 7 }),
    call(4, { recipient: 'nobody', channel: null }),
    call(5, { recipient: 'ops', retry_max: 11 }),
  ];
  const input = asked.map((message) => `${JSON.stringify(message)}\n`).join('');
  const { status, stdout } = spawnSync(process.execPath, [appMain, 'module', 'router', file], {
    input,
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect(status).toBe(0);
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly id: number; readonly result: unknown });
  const said = (text: string) => ({ content: [{ type: 'text', text }] });
  const byId = Object.fromEntries(answers.map(({ id, result }) => [id, result]));
  expect(byId[1]).toMatchObject({ serverInfo: { name: 'mobkit-router' } });
  expect(byId[2]).toMatchObject({ tools: [{ name: 'routing.resolve' }] });
  const advice = {
    recipient: 'ops',
    channel: 'alert',
    sink: 'log',
    target_module: 'delivery',
    retry_max: 3,
    backoff_ms: 7,
    rate_limit_per_minute: 2,
    route_key: 'pager',
  };
  expect(byId[3]).toEqual(said(JSON.stringify(advice)));
  expect(byId[4]).toEqual(said('{}'));
  expect(byId[5]).toEqual({ ...said('retry_max must be <= 10'), isError: true });
});
