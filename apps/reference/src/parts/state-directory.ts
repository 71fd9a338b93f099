import type { MobPlugin } from '@mobkit/di';
import { ownDirectory } from '@mobkit/store-sqlite';

/**
 * Owns the state directory when no store does: the server's address and the spool in it are of one process, wherever
 * everything else is kept. The lock is that of the SQLite store.
 */
export function stateDirectory(directory: string): MobPlugin {
  let leave = () => {};
  return {
    name: 'state-directory',
    register: ({ lifecycle }) =>
      lifecycle.add({
        name: 'state-directory',
        start: async () => void (leave = ownDirectory(directory)),
        stop: async () => leave(),
      }),
  };
}
