import { type MobPlugin, tokens } from '@mobkit/di';

import { openFileSessions } from './open.js';
import type { FileSessionsOptions } from './options.js';

/** Provides a `SessionStore` in one JSON file. */
export function storeFile(options: FileSessionsOptions): MobPlugin {
  return {
    name: 'store-file',
    register(context) {
      context
        .provideResource({
          name: 'store-file',
          supports: { durable: true, processes: 'many', cursor: 'strict' },
          open: () => openFileSessions(options),
          close: (opened) => opened.close(),
        })
        .fill(tokens.sessionStore, (opened) => opened.sessions);
    },
  };
}
