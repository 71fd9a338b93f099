import { assemble, tokens } from '@mobkit/di';
import { expect, it, onTestFinished, vi } from 'vitest';

import { sinkCheck, sinkNames, sinks, sinkWarnings } from '../parts/sinks.js';
import { parseAppConfig } from './app-config.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const parse = (given: object) => parseAppConfig({ sinks: given }, 'mobkit.config.toml').sinks;

it('[sinks.app-config] makes the sinks that the config names, with secrets from the environment', async () => {
  vi.stubEnv('HOOK_SECRET', secret);
  vi.stubEnv('PAGER_URL', 'https://hooks.example.com/T1/secret');
  vi.stubEnv('SMTP_PASSWORD', 'hunter2');
  onTestFinished(() => void vi.unstubAllEnvs());
  const config = parse({
    webhook: {
      secret_env: 'HOOK_SECRET',
      private_hosts: ['127.0.0.1'],
      only_hosts: ['hooks.example.com', '127.0.0.1'],
      timeout_ms: 5_000,
      idempotent: true,
      endpoints: { pager: { url: '${PAGER_URL}', secret_env: 'HOOK_SECRET' } },
    },
    email: {
      host: 'smtp.example.com',
      port: 465,
      encryption: 'tls',
      user: 'mob',
      password_env: 'SMTP_PASSWORD',
      from: 'mob@example.com',
      timeout_ms: 5_000,
    },
  });
  expect(config).toEqual({
    webhook: {
      secret,
      privateHosts: ['127.0.0.1'],
      onlyHosts: ['hooks.example.com', '127.0.0.1'],
      timeoutMs: 5_000,
      idempotent: true,
      endpoints: { pager: { url: 'https://hooks.example.com/T1/secret', secret } },
    },
    email: {
      host: 'smtp.example.com',
      port: 465,
      encryption: 'tls',
      user: 'mob',
      password: 'hunter2',
      from: 'mob@example.com',
      timeoutMs: 5_000,
    },
  });
  const { container, start, stop } = assemble([...sinks(config)]);
  await start();
  const made = container.resolveAll(tokens.deliverySinks);
  expect(made.map(({ name, idempotent }) => [name, idempotent])).toEqual([
    ['webhook', true],
    ['email', undefined],
  ]);
  expect(sinkNames(config)).toEqual(['log', 'mob_member', 'webhook', 'email']);
  await stop();
});

it('[sinks.app-config] has no way out of the mob that the config does not name', () => {
  expect(parseAppConfig({}, 'mobkit.config.toml').sinks).toEqual({});
  expect(sinks({})).toEqual([]);
});

it.each([
  [{ webhook: { secret: 'hunter2' } }, 'sinks.webhook'],
  [{ webhook: { secret_env: 'MISSING' } }, 'sinks.webhook.secret_env'],
  [{ webhook: { endpoints: { a: { url: '${MISSING}' } } } }, 'MISSING is not set'],
  [{ email: { host: 'h', from: 'a@b', password: 'hunter2' } }, 'sinks.email'],
  [{ email: { host: 'h', from: 'a@b', password_env: 'MISSING' } }, 'sinks.email.password_env'],
  [{ email: { from: 'a@b' } }, 'sinks.email.host'],
  [{ webhook: { timeout_ms: 30_000 } }, 'after 30 seconds the delivery gives a call up'],
  [{ sms: {} }, 'sinks'],
])('[sinks.app-config] refuses %j, naming what is wrong', (given, said) => {
  expect(() => parse(given)).toThrow(
    expect.objectContaining({
      code: 'MOB_CONFIG_INVALID',
      message: expect.stringContaining(said) as string,
    }) as Error,
  );
  expect(() => parse(given)).not.toThrow('hunter2');
});

it('[sinks.app-routes] says at the start which routes lead to no sink, those of plugins included', async () => {
  const routes = ['box', 'fax', 'sms', 'pigeon'].map((sink) => ({
    routeKey: `to-${sink}`,
    recipient: '*',
    sink,
    ...(sink === 'pigeon' && { targetModule: 'birds' }),
  }));
  const warnings: string[] = [];
  const box = { name: 'box', deliver: async () => {} };
  const { start, stop } = assemble([
    sinkCheck(routes, (warning) => warnings.push(warning)),
    { name: 'box', register: (context) => context.contribute(tokens.deliverySinks, () => box) },
  ]);
  await start();
  expect(warnings).toEqual([
    'route "to-fax" names the sink "fax", and there are: box',
    'route "to-sms" names the sink "sms", and there are: box',
  ]);
  expect(sinkWarnings(routes, sinkNames({}))).toHaveLength(3);
  await stop();
});
