import { join } from 'node:path';

import { delivery } from '@mobkit/delivery/plugin';
import type { MobPlugin } from '@mobkit/di';
import { gating } from '@mobkit/gating/plugin';
import { llmAiSdk } from '@mobkit/llm-ai-sdk/plugin';
import { mcpTools } from '@mobkit/mcp-tools/plugin';
import { memoryLedger } from '@mobkit/memory-ledger/plugin';
import { routerRules } from '@mobkit/router-rules/plugin';
import { scheduler } from '@mobkit/scheduler/plugin';
import { storeSqlite } from '@mobkit/store-sqlite/plugin';

import { durabilityCheck } from './durability/require-durable.js';
import { archive } from './parts/archive.js';
import { bigqueryArchive } from './parts/bigquery-archive.js';
import { deadLetters } from './parts/dead-letters.js';
import { discovery } from './parts/discovery.js';
import { eventIngestion } from './parts/event-ingestion.js';
import { eventSpool } from './parts/event-spool.js';
import { httpListener } from './parts/http-listener.js';
import { importCheck } from './parts/import-check.js';
import { leftSpool } from './parts/left-spool.js';
import { mobEngine } from './parts/mob-engine.js';
import { carriesAll, modules } from './parts/modules.js';
import type { AppParts, Tell } from './parts/app-parts.js';
import { retention } from './parts/retention.js';
import { sessionRows } from './parts/session-rows.js';
import { sessionStore } from './parts/session-store.js';
import { scriptedModel } from './parts/scripted-model.js';
import { sinkCheck, sinks } from './parts/sinks.js';
import { sessionWarehouse } from './parts/session-warehouse.js';
import { stateDirectory } from './parts/state-directory.js';
import { unifiedRuntime } from './parts/unified-runtime.js';
import { version } from './version.js';

/**
 * The app on one screen. Parts open in this order and close in reverse; of two that claim one slot the later wins, and
 * the earlier is never opened.
 */
export function plugins({
  config,
  definition,
  state,
  listen,
  tell,
  requireDurable = false,
  starting,
}: AppParts): readonly MobPlugin[] {
  const spool = { directory: join(state, 'spool'), onWarning: tell.warning };
  return [
    ...stores(state, tell, config.store),
    ...(requireDurable ? [durabilityCheck()] : []),
    ...(listen ? [httpListener({ ...listen, mobkitVersion: version(), onError: tell.serverError })] : []),
    importCheck(),
    deadLetters(),
    ...(config.retention
      ? [retention({ retention: config.retention, onInfo: tell.info, onWarning: tell.warning })]
      : []),
    config.spool ? eventSpool({ ...config.spool, ...spool, onError: tell.error }) : leftSpool(spool),
    eventIngestion({ ...config.eventLog, onError: tell.error }),
    routerRules({ routes: config.routes, mobId: definition.id }),
    delivery({ scope: definition.id, log: tell.delivered }),
    ...sinks(config.sinks),
    memoryLedger(config.memory),
    sessionWarehouse(config.sessionWarehouse),
    scheduler({
      scope: definition.id,
      declared: config.schedules,
      functions: config.scheduleFunctions,
    }),
    ...(config.modules ? [modules(config.modules)] : []),
    gating({ ...config.gating, scope: definition.id }),
    ...(config.mcp
      ? [mcpTools({ servers: config.mcp, onError: ({ message }) => tell.warning(message) })]
      : []),
    ...(config.discovery ? [discovery(config.discovery)] : []),
    scriptedModel(config.script),
    llmAiSdk({ servers: config.models }),
    ...(config.sessions ? [sessionStore(config.sessions, state, tell.warning)] : []),
    mobEngine({ listens: listen !== undefined }),
    ...(config.archive?.bigquery ? [bigqueryArchive(config.archive.bigquery, tell.info)] : []),
    ...config.plugins,
    ...(config.archive
      ? [archive({ ...config.archive, onError: tell.error, onInfo: tell.info, onWarning: tell.warning })]
      : []),
    sessionRows({ mobId: definition.id, onError: tell.error, onWarning: tell.warning }),
    sinkCheck(carriesAll(config.modules) ? [] : config.routes, tell.warning),
    unifiedRuntime({ ...config.runtime, definition, onError: tell.error }, starting),
  ];
}

/**
 * What keeps everything: the default store, and after it the one that a config names. What that one fills, the default does
 * not; where it fills all, the default is never opened.
 */
function stores(state: string, tell: Tell, named: MobPlugin | undefined): readonly MobPlugin[] {
  const byDefault = storeSqlite({ directory: state, onError: tell.storeError });
  if (!named) return [byDefault];
  // SQLite somewhere else, as a config in JavaScript may have it.
  if (named.name === byDefault.name) return [stateDirectory(state), named];
  return [stateDirectory(state, byDefault.name), byDefault, named];
}
