import type { MobPlugin } from '@mobkit/di';
import { ownDirectory } from '@mobkit/store-sqlite';

/**
 * Owns the state directory when no store does: the server's address and the spool in it are of one process, wherever
 * everything else is kept. The lock is that of the SQLite store.
 *
 * @param other - the plugin that owns it itself as soon as it holds a slot. @defaultValue none
 */
export function stateDirectory(directory: string, other?: string): MobPlugin {
  let leave = () => {};
  return {
    name: 'state-directory',
    register: ({ lifecycle, claims }) =>
      lifecycle.add({
        name: 'state-directory',
        async start() {
          if (claims().some(({ plugin, holder }) => plugin === other && holder === other)) return;
          leave = ownDirectory(directory);
        },
        stop: async () => leave(),
      }),
  };
}
