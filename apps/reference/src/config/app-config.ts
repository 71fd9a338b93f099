import { dirname } from 'node:path';

import { MobError } from '@mobkit/core';
import type { NewSchedule, Route, ScheduleFunction } from '@mobkit/core/ops';
import type { EventSpoolOptions } from '@mobkit/event-log';
import type { ModelServer } from '@mobkit/llm-ai-sdk';
import type { McpServer } from '@mobkit/mcp-tools';
import type { GatingPluginOptions } from '@mobkit/gating/plugin';
import type { MemoryLedgerLimits } from '@mobkit/memory-ledger';
import type { SessionWarehouseOptions } from '@mobkit/store-bigquery';
import { z } from 'zod';

import type { Retention } from '../parts/prune-events.js';
import type { RuntimeSettings } from '../parts/unified-runtime.js';
import { type ArchiveConfig, archiveConfigOf, archiveProblem, archiveSchema } from './archive-config.js';
import { bigqueryConfig } from './bigquery-config.js';
import { hooksConfig, runtimeConfig, runtimeSettingsOf } from './runtime-config.js';
import type { StoreAddress } from '../store/store-address.js';
import type { ConfigFiles } from './config-files.js';
import { gatingConfig } from './gating-config.js';
import { type DiscoveryConfig, discoverySchema } from './discovery-config.js';
import { fromEnvironment } from './from-environment.js';
import { memoryConfig } from './memory-config.js';
import { type PluginEntry, pluginEntry, storeEntry } from './plugin-entry.js';
import { routesConfig } from './routes-config.js';
import { type SessionsConfig, sessionsOf, sessionsSchema } from './sessions-config.js';
import { sessionStoreSchema, sessionWarehouseOf } from './session-store-config.js';
import { type SinksConfig, sinksSchema } from './sinks-config.js';
import { scheduleFunctionsConfig, schedulesConfig } from './schedules-config.js';
import {
  type ModulesConfig,
  modulesOf,
  modulesSchema,
  supervisionSchema,
  type TrustedModule,
} from './modules-config.js';

/** What a `mobkit.config.toml` or `mobkit.config.mjs` says. */
export interface AppConfig {
  /** The file it was read from; absent when there was none. */
  readonly file?: string;
  /** The files beside it, of which those were read that say something of the config. */
  readonly files?: ConfigFiles;
  /** Path of the script that the offline model plays; absent: it answers `ok`. */
  readonly script?: string;
  /** Servers of models, by the name before the slash of a model. */
  readonly models: Readonly<Record<string, Omit<ModelServer, 'apiKey'>>>;
  /** MCP servers, by the name that profiles allow them by; absent: none. */
  readonly mcp?: Readonly<Record<string, McpServer>>;
  /** Who is asked who should exist; absent: nobody. */
  readonly discovery?: DiscoveryConfig;
  readonly routes: readonly Route[];
  /** Ways out of the mob beside those that are always there. */
  readonly sinks: SinksConfig;
  /** Helper processes; absent: none. */
  readonly modules?: ModulesConfig;
  readonly eventLog: { readonly batchSize?: number; readonly flushIntervalMs?: number };
  /** Who may approve, and how calls of tools are asked about. */
  readonly gating: GatingPluginOptions;
  /** How much the memory ledger keeps. */
  readonly memory: MemoryLedgerLimits;
  /** What is to happen when: these, and of those a config had before no others. */
  readonly schedules: readonly NewSchedule[];
  /** Where what becomes of sessions is written; absent: nowhere. */
  readonly sessions?: SessionsConfig;
  /** What they may call by name. */
  readonly scheduleFunctions: Readonly<Record<string, ScheduleFunction>>;
  /** Hooks and time limits of the runtime. */
  readonly runtime: RuntimeSettings;
  /** How callers reach tables of sessions in BigQuery that they name. */
  readonly sessionWarehouse: SessionWarehouseOptions;
  /** How long and how many events are kept; absent: all of them. */
  readonly retention?: Retention;
  /** Where events are archived; absent: nowhere. */
  readonly archive?: ArchiveConfig;
  /** The spool in the state directory; absent: none. */
  readonly spool?: Pick<EventSpoolOptions, 'fsync' | 'maxBytes'>;
  /** Takes the default store's place, so that it opens before what uses it. */
  readonly store?: StoreAddress | PluginEntry;
  /** Registered after what comes with the app, and so winning the slots they claim; packages by name, or plugins. */
  readonly plugins: readonly PluginEntry[];
}

const text = z.string().trim().min(1);
const schema = z.strictObject({
  script: text.optional(),
  models: z
    .record(
      text,
      z.strictObject({
        base_url: text.optional(),
        // The name of a variable and never a key: this file may be shown to others.
        api_key_env: text.optional(),
        structured_outputs: z.boolean().optional(),
      }),
    )
    .default({}),
  mcp: z
    .record(
      text,
      z.strictObject({
        command: text.optional(),
        args: z.array(z.string()).optional(),
        env: z.record(text, fromEnvironment).optional(),
        cwd: text.optional(),
        url: text.optional(),
        headers: z.record(text, fromEnvironment).optional(),
        call_timeout_ms: z.int().min(1).max(86_400_000).optional(),
      }),
    )
    .optional(),
  discovery: discoverySchema.optional(),
  modules: modulesSchema.optional(),
  supervision: supervisionSchema.optional(),
  routes: routesConfig,
  sinks: sinksSchema,
  event_log: z
    .strictObject({
      batch_size: z.int().min(0).max(2048).optional(),
      flush_interval_ms: z.int().min(1).max(60_000).optional(),
      retain_days: z.number().positive().max(36_500).optional(),
      retain_events: z.int().positive().optional(),
      spool: z.boolean().default(true),
      spool_fsync: z.enum(['always', 'interval', 'never']).optional(),
      spool_max_mb: z.int().min(1).max(1_048_576).optional(),
    })
    .prefault({}),
  archive: archiveSchema.optional(),
  bigquery: bigqueryConfig.optional(),
  gating: gatingConfig,
  memory: memoryConfig,
  schedules: schedulesConfig,
  schedule_functions: scheduleFunctionsConfig,
  runtime: runtimeConfig,
  hooks: hooksConfig,
  sessions: sessionsSchema,
  session_store: sessionStoreSchema,
  store: storeEntry.optional(),
  plugins: z.array(pluginEntry).default([]),
});

/** What stands without a config. */
export const NO_CONFIG: AppConfig = {
  models: {},
  routes: [],
  sinks: {},
  eventLog: {},
  gating: {},
  memory: {},
  schedules: [],
  scheduleFunctions: {},
  runtime: {},
  sessionWarehouse: { ownCredentials: false },
  spool: {},
  plugins: [],
};

interface ConfigPlace {
  /** The modules of the manifest beside it. @defaultValue none */
  readonly trusted?: readonly TrustedModule[];
  /** Where it lies. @defaultValue the directory of the file */
  readonly directory?: string;
}

/**
 * @throws MobError `MOB_CONFIG_INVALID`, naming the file and every wrong field.
 */
export function parseAppConfig(
  given: unknown,
  file: string,
  { trusted = [], directory = dirname(file) }: ConfigPlace = {},
): AppConfig {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new MobError('MOB_CONFIG_INVALID', `${file}: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
      details: { file },
    });
  }
  const {
    script,
    models,
    mcp,
    discovery,
    modules: entries,
    supervision,
    routes,
    sinks,
    event_log: eventLog,
    archive,
    bigquery,
    gating,
    memory,
    schedules,
    schedule_functions: scheduleFunctions,
    runtime,
    hooks,
    sessions,
    session_store: sessionStore,
    store,
    plugins,
  } = parsed.data;
  const problem = archive && archiveProblem(archive, bigquery, 'retention' in retentionOf(eventLog));
  if (problem !== undefined) throw invalid(file, `archive: ${problem}`);
  if (sessions?.store === 'bigquery' && !bigquery) {
    throw invalid(file, 'sessions: `store = "bigquery"` needs a section [bigquery] with its `dataset`');
  }
  const modules = modulesOf({ entries, supervision, trusted, file, directory });
  return {
    file,
    ...(script !== undefined && { script }),
    models: Object.fromEntries(Object.entries(models).map(([name, server]) => [name, toModelServer(server)])),
    ...(mcp && { mcp: mcpServersOf(mcp) }),
    ...(discovery && { discovery }),
    routes,
    sinks,
    ...(modules && { modules }),
    ...retentionOf(eventLog),
    ...(archive && { archive: archiveConfigOf(archive, bigquery) }),
    ...spoolOf(eventLog),
    eventLog: {
      ...(eventLog.batch_size !== undefined && { batchSize: eventLog.batch_size }),
      ...(eventLog.flush_interval_ms !== undefined && { flushIntervalMs: eventLog.flush_interval_ms }),
    },
    gating,
    memory,
    schedules,
    scheduleFunctions,
    runtime: runtimeSettingsOf(runtime, hooks),
    ...sessionsOf(sessions, directory, bigquery),
    sessionWarehouse: sessionWarehouseOf(sessionStore, bigquery),
    ...(store !== undefined && { store }),
    plugins,
  };
}

function invalid(file: string, what: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', `${file}: ${what}`, { details: { file } });
}

type ModelServerConfig = z.output<typeof schema>['models'][string];

function toModelServer({
  base_url: baseUrl,
  api_key_env: apiKeyEnv,
  structured_outputs: structuredOutputs,
}: ModelServerConfig): AppConfig['models'][string] {
  return {
    ...(baseUrl !== undefined && { baseUrl }),
    ...(apiKeyEnv !== undefined && { apiKeyEnv }),
    ...(structuredOutputs !== undefined && { structuredOutputs }),
  };
}

type McpConfig = NonNullable<z.output<typeof schema>['mcp']>;

function mcpServersOf(servers: McpConfig): NonNullable<AppConfig['mcp']> {
  const entries = Object.entries(servers).map(([name, { call_timeout_ms: callTimeoutMs, ...given }]) => {
    const fields = Object.entries({ ...given, callTimeoutMs }).filter(([, value]) => value !== undefined);
    return [name, Object.fromEntries(fields) as McpServer];
  });
  return Object.fromEntries(entries) as Record<string, McpServer>;
}

type EventLogConfig = z.output<typeof schema>['event_log'];

function retentionOf({
  retain_days: days,
  retain_events: events,
}: EventLogConfig): Pick<AppConfig, 'retention'> {
  if (days === undefined && events === undefined) return {};
  return { retention: { ...(days !== undefined && { days }), ...(events !== undefined && { events }) } };
}

function spoolOf({
  spool,
  spool_fsync: fsync,
  spool_max_mb: maxMb,
}: EventLogConfig): Pick<AppConfig, 'spool'> {
  if (!spool) return {};
  const maxBytes = maxMb && maxMb * 2 ** 20;
  return { spool: { ...(fsync && { fsync }), ...(maxBytes !== undefined && { maxBytes }) } };
}
