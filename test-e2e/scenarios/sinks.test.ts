import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { expect, it, onTestFinished } from 'vitest';

import { mobkit } from '../support/app-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const key = Buffer.alloc(32, 7);
const env = { HOOK_SECRET: `whsec_${key.toString('base64')}` };

const MOB = `[mob]
id = "desk"
orchestrator = "clerk"

[profiles.clerk]
model = "scripted"
external_addressable = true
runtime_mode = "turn_driven"
tools = { comms = true, host = ["deliver"] }

[[members]]
identity = "kim"
profile = "clerk"
`;

const SCRIPT = `[[rules]]
role = "clerk"

[[rules.steps]]
text = "I page them."

[[rules.steps.calls]]
tool = "deliver"
args.recipient = "pager"
args.message = "Checkout is down"

[[rules.steps]]
text = "Paged."
`;

const routeTo = (sink: string) => `
[[routes]]
route_key = "to-${sink}"
recipient = "${sink === 'webhook' ? 'pager' : sink}"
sink = "${sink}"
`;

/** A mob with a config of its own. */
function writeMob(config: string) {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'mob.toml'), MOB);
  writeFileSync(join(directory, 'script.toml'), SCRIPT);
  writeFileSync(join(directory, 'mobkit.config.toml'), `script = "script.toml"\n${config}`);
  return { file: join(directory, 'mob.toml'), state: join(directory, 'state') };
}

async function startReceiver() {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => received.push({ headers: request.headers, body }));
    request.on('end', () => response.writeHead(204).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, received };
}

it('[sinks.app] lets a member page somebody through a signed webhook, with its secret from the environment', async () => {
  const { port, received } = await startReceiver();
  const { file, state } = writeMob(`${routeTo('webhook')}
[sinks.webhook]
private_hosts = ["127.0.0.1:${port}"]

[sinks.webhook.endpoints.pager]
url = "http://127.0.0.1:${port}/page"
secret_env = "HOOK_SECRET"
`);
  const ended = await mobkit(['up', file, '--state', state, '--once', 'Page somebody'], { env });
  expect([ended.code, ended.stdout.trim()]).toEqual([0, 'Paged.']);
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  expect(JSON.parse(body)).toMatchObject({ recipient: 'pager', from: 'kim', payload: 'Checkout is down' });
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  expect(headers['webhook-signature']).toBe(
    `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
  );
  expect(received).toHaveLength(1);
});

it('[sinks.app-check] finds sinks that cannot be meant, and warns of routes that lead to none', async () => {
  const { file } = writeMob(`${routeTo('log')}${routeTo('fax')}
[sinks.email]
host = "smtp.example.com"
from = "mob@example.com"
`);
  const wrong = writeMob(`[sinks.webhook.endpoints.pager]
url = "http://127.0.0.1/page"
`);
  const [warned, refused] = await Promise.all([
    mobkit(['check', file], { env }),
    mobkit(['check', wrong.file], { env }),
  ]);
  expect(warned).toMatchObject({ code: 0, stderr: '' });
  expect(warned.stdout).toContain(
    'mobkit.config.toml warning unknown_sink routes: route "to-fax" names the sink "fax", and there are: email, log, mob_member',
  );
  expect(warned.stdout).toContain('1 warning');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('endpoint "pager"');
});
