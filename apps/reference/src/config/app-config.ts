import { MobError } from '@mobkit/core';
import type { Route } from '@mobkit/core/ops';
import type { MobPlugin } from '@mobkit/di';
import { z } from 'zod';

/** What a `mobkit.config.toml` or `mobkit.config.mjs` says. */
export interface AppConfig {
  /** The file it was read from; absent when there was none. */
  readonly file?: string;
  /** Path of the script that the offline model plays; absent: it answers `ok`. */
  readonly script?: string;
  readonly routes: readonly Route[];
  readonly eventLog: { readonly batchSize?: number; readonly flushIntervalMs?: number };
  /** Takes the default store's place, so that it opens before what uses it. */
  readonly store?: string | MobPlugin;
  /** Registered after what comes with the app, and so winning the slots they claim; packages by name, or plugins. */
  readonly plugins: readonly (string | MobPlugin)[];
}

const text = z.string().trim().min(1);
const plugin = z.union([
  text,
  z.custom<MobPlugin>(
    isPlugin,
    'is not a plugin: an object with `name` and `register`, or the name of a package',
  ),
]);
const schema = z.strictObject({
  script: text.optional(),
  routes: z
    .array(z.strictObject({ route_key: text, recipient: text, channel: text.optional(), sink: text }))
    .default([]),
  event_log: z
    .strictObject({
      batch_size: z.int().min(0).max(4096).optional(),
      flush_interval_ms: z.int().min(1).max(60_000).optional(),
    })
    .default({}),
  store: plugin.optional(),
  plugins: z.array(plugin).default([]),
});

/** @throws MobError `MOB_CONFIG_INVALID`, naming the file and every wrong field. */
export function parseAppConfig(given: unknown, file: string): AppConfig {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new MobError('MOB_CONFIG_INVALID', `${file}: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
      details: { file },
    });
  }
  const { script, routes, event_log: eventLog, store, plugins } = parsed.data;
  return {
    file,
    ...(script !== undefined && { script }),
    routes: routes.map(({ route_key: routeKey, channel, ...route }) => ({
      routeKey,
      ...route,
      ...(channel !== undefined && { channel }),
    })),
    eventLog: {
      ...(eventLog.batch_size !== undefined && { batchSize: eventLog.batch_size }),
      ...(eventLog.flush_interval_ms !== undefined && { flushIntervalMs: eventLog.flush_interval_ms }),
    },
    ...(store !== undefined && { store }),
    plugins,
  };
}

function isPlugin(value: unknown): value is MobPlugin {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'register' in value &&
    typeof value.register === 'function'
  );
}
