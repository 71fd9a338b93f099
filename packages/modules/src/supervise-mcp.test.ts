import { existsSync } from 'node:fs';

import { expect, it } from 'vitest';

import { mcp, markProcesses, temporaryFile } from '../test/support/start-modules.js';
import { superviseMcp, type SuperviseMcpOptions } from './supervise-mcp.js';

const { command, args } = mcp('router');
const started = (options: Partial<SuperviseMcpOptions> = {}) => {
  const env = { MOBKIT_TEST_MARK: markProcesses(), ...options.env };
  return superviseMcp({ command, args, ...options, env });
};

it('[modules.alone] keeps one server up without a mob, and ends it', async () => {
  const server = await started();
  expect(server.tools()).toEqual(['routing.resolve']);
  expect(await server.call('routing.resolve')).toEqual({ sink: 'email', target_module: 'delivery' });
  expect(server.status()).toMatchObject({ moduleId: 'mcp', state: 'Healthy', boundary: 'mcp' });
  await server.close();
  await server.close();
  await expect(server.call('routing.resolve')).rejects.toMatchObject({ code: 'MOB_MODULE_NOT_LOADED' });
});

it('[modules.alone-refused] leaves nothing of one that does not start, or that is given up', async () => {
  await expect(started({ command: 'false', args: [] })).rejects.toMatchObject({
    code: 'MOB_PROCESS_FAILED',
    details: { reason: 'exited' },
  });
  const abort = new AbortController();
  const reason = new Error('enough');
  const log = temporaryFile();
  const env = { MOBKIT_PHASE_C_HANG_ON: 'all', MOBKIT_PHASE_C_LOG_PATH: log };
  const starting = started({ env, signal: abort.signal });
  await expect.poll(() => existsSync(log)).toBe(true);
  abort.abort(reason);
  await expect(starting).rejects.toBe(reason);
  await expect(started({ signal: abort.signal })).rejects.toBe(reason);
});
