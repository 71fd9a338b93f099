import { delivery } from '@mobkit/delivery/plugin';
import type { MobPlugin } from '@mobkit/di';
import { routerRules } from '@mobkit/router-rules/plugin';
import { storeSqlite } from '@mobkit/store-sqlite/plugin';

import { eventIngestion } from './parts/event-ingestion.js';
import { httpListener } from './parts/http-listener.js';
import { mobEngine } from './parts/mob-engine.js';
import type { AppParts } from './parts/app-parts.js';
import { scriptedModel } from './parts/scripted-model.js';
import { unifiedRuntime } from './parts/unified-runtime.js';
import { version } from './version.js';

/**
 * The app on one screen. Parts open in this order and close in reverse; of two that claim one slot the later wins, and
 * the earlier is never opened.
 */
export function plugins({ config, definition, state, listen, tell }: AppParts): readonly MobPlugin[] {
  return [
    config.store ?? storeSqlite({ directory: state, onError: tell.storeError }),
    ...(listen ? [httpListener({ ...listen, mobkitVersion: version(), onError: tell.serverError })] : []),
    eventIngestion({ ...config.eventLog, onError: tell.error }),
    routerRules({ routes: config.routes }),
    delivery({ log: tell.delivered }),
    scriptedModel(config.script),
    mobEngine(),
    ...config.plugins,
    unifiedRuntime({ definition, onError: tell.error }),
  ];
}
