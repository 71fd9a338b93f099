import { assemble, tokens } from '@mobkit/di';
import { expect, it, vi } from 'vitest';

import { checkDiscovery, discovery } from '../parts/discovery.js';
import { parseAppConfig } from './app-config.js';
import { locateDiscovery } from './discovery-config.js';

const parse = (given: object) => parseAppConfig({ discovery: given }, 'mobkit.config.toml').discovery!;
const select = `select 'a' as identity, 'p' as role`;
const postgres = 'postgres://user:word@127.0.0.1:1/db';

it.each([
  [{ file: 'members.toml' }, true],
  [{ url: 'http://127.0.0.1:1/', token_env: 'PATH', refresh_ms: 1000, timeout_ms: 5 }, true],
  [{ postgres, members: select }, false],
  [{ postgres, members: select, edges: 'select a, b from wires', channel: 'members' }, true],
])('[discovery.app-config] binds who is asked as %j says, and connects to nothing', async (given, edges) => {
  const config = locateDiscovery(parse(given), '/etc/mobs');
  await checkDiscovery(config);
  const { container, start, stop } = assemble([discovery(config)]);
  await start();
  expect(container.resolve(tokens.discovery).discover).toBeTypeOf('function');
  expect(container.isRegistered(tokens.edgeDiscovery)).toBe(edges);
  await stop();
});

it('[discovery.app-config] takes what may be a secret from the environment, and files from beside the config', () => {
  vi.stubEnv('ROSTER', 'https://roster.example/x');
  const { of, options } = parse({ url: '${ROSTER}', headers: { 'x-key': '${ROSTER}' }, token_env: 'ROSTER' });
  vi.stubEnv('ROSTER', 'renewed');
  expect({ of, options }).toMatchObject({
    of: 'url',
    options: { url: 'https://roster.example/x', headers: { 'x-key': 'https://roster.example/x' } },
  });
  expect('token' in options && options.token?.()).toBe('renewed');
  vi.unstubAllEnvs();
  expect(locateDiscovery(parse({ file: 'a/members.toml' }), '/etc/mobs').options).toEqual({
    file: '/etc/mobs/a/members.toml',
  });
});

it.each([
  [{}, 'one of file, url and postgres'],
  [{ file: 'a.toml', url: 'http://127.0.0.1/' }, 'one of file, url and postgres'],
  [{ file: 'a.toml', refresh_ms: 5 }, 'refresh_ms'],
  [{ url: 'http://127.0.0.1/', token_env: 'NOT_SET_ANYWHERE' }, 'discovery.token_env'],
  [{ url: '${NOT_SET_ANYWHERE}' }, 'NOT_SET_ANYWHERE is not set'],
  [{ postgres }, 'discovery.members'],
  [{ postgres, members: select, max_rows: 0 }, 'discovery.max_rows'],
])('[discovery.app-config] refuses %j', (given, message) => {
  expect(() => parse(given)).toThrow(
    expect.objectContaining({
      code: 'MOB_CONFIG_INVALID',
      message: expect.stringContaining(message) as string,
    }) as Error,
  );
});
