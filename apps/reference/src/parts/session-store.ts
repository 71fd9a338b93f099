import { join } from 'node:path';

import { sessionStoreOver } from '@mobkit/core';
import { type MobPlugin, tokens } from '@mobkit/di';
import { storeFile } from '@mobkit/store-file/plugin';

import type { SessionsConfig } from '../config/sessions-config.js';
import { bigquerySessions } from './bigquery-sessions.js';

/** The session store that a config names: a file, BigQuery, or the storage that everything else is in. */
export function sessionStore(
  config: SessionsConfig,
  state: string,
  onWarning: (text: string) => void,
): MobPlugin {
  if (config.store === 'file') return storeFile({ path: config.path ?? join(state, 'sessions.json') });
  if (config.store === 'bigquery') return bigquerySessions(config.options, onWarning);
  return {
    name: 'session-store',
    register(context) {
      context
        .provideResource({
          name: 'session-store',
          keepsIn: tokens.storage,
          open: () => sessionStoreOver(context.container.resolve(tokens.storage)),
          close: async () => {},
        })
        .fill(tokens.sessionStore, (sessions) => sessions);
    },
  };
}
