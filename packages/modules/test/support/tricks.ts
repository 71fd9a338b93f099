import { fileURLToPath } from 'node:url';

import type { ModuleConfig } from '../../src/module-config.js';
import { mcpEnv } from './start-modules.js';

/** A module that is the server beside this file. */
export function tricks(id = 'tricks'): ModuleConfig {
  const program = fileURLToPath(new URL('tricks-fixture.mjs', import.meta.url));
  return { id, command: process.execPath, args: [program], restartPolicy: 'on_failure' };
}

export function tricksEnv(env: Readonly<Record<string, string>> = {}) {
  return mcpEnv('tricks', env);
}
