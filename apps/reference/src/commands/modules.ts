import type { WireModule } from '@mobkit/rpc';

import type { ModulesCommand } from '../cli/command.js';
import { jsonLine, terminalLine } from '../cli/terminal-text.js';
import { expectServer } from '../server/server-client.js';

/** Prints how the modules of the running mob are, or ends one and starts it anew. */
export async function modules({ state, json, restart }: ModulesCommand): Promise<number> {
  const server = await expectServer(state);
  if (restart !== undefined) {
    await server.call('mobkit/spawn_member', { module_id: restart });
    console.log(terminalLine(`${restart} begins anew`));
    return 0;
  }
  const { modules: found } = await server.call<{ readonly modules: readonly WireModule[] }>(
    'mobkit/modules/list',
    {},
  );
  for (const module of found) console.log(json ? jsonLine(module) : moduleLine(module));
  return 0;
}

function moduleLine(module: WireModule): string {
  const {
    module_id: id,
    state = 'not started',
    boundary,
    pid,
    restarts,
    error,
    stderr_tail: stderr,
  } = module;
  const columns = [
    terminalLine(id, 30).padEnd(16),
    state.padEnd(11),
    boundary.padEnd(5),
    `${pid ?? '-'}`.padStart(7),
    `${restarts} restart${restarts === 1 ? '' : 's'}`.padEnd(11),
  ];
  return `${columns.join(' ')} ${terminalLine(error ?? stderr.at(-1) ?? '')}`.trimEnd();
}
