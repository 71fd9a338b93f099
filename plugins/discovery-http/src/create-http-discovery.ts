import {
  type DesiredShape,
  desiredShapeFromJson,
  type Discovery,
  type DiscoveryContext,
  DiscoveryWatchers,
  type EdgeDiscovery,
  errorText,
  isMobError,
  MobError,
} from '@mobkit/core';

import { Address } from './address.js';
import { type HttpDiscoveryOptions, parseOptions } from './options.js';
import { Refresh } from './refresh.js';

/** Who should exist and who may talk to whom, as an address answers. Both ask it each time. */
export interface HttpDiscovery {
  readonly discovery: Discovery;
  readonly edgeDiscovery: EdgeDiscovery;
  /** Ends what is under way; nobody is told anything any more, and further calls are refused. May be called twice. */
  close(): Promise<void>;
}

/**
 * Makes a source of an address. Connects to nothing: each call asks it, with `If-None-Match` when it gave an `ETag`.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for options that cannot be meant. From the calls, `MOB_DISCOVERY_UNAVAILABLE` when
 * there is no answer (`details.status` where there is one; retryable unless the answer would be the same), and
 * `MOB_DISCOVERY_INVALID` or `MOB_WIRING_INVALID` for what is in it; `details.url` is without what comes after `?`.
 */
export function createHttpDiscovery(options: HttpDiscoveryOptions): HttpDiscovery {
  const parsed = parseOptions(options);
  const { shown, refreshMs, clock } = parsed;
  const closed = new AbortController();
  const address = new Address(parsed, closed.signal);
  const watchers = new DiscoveryWatchers();

  const expectOpen = () => {
    if (closed.signal.aborted) throw new TypeError(`The discovery of ${shown} is closed`);
  };
  const read = async ({ signal }: DiscoveryContext): Promise<DesiredShape> => {
    expectOpen();
    return parseShape(await address.get(signal), shown);
  };
  const refreshing =
    refreshMs === undefined
      ? undefined
      : new Refresh({
          everyMs: refreshMs,
          clock,
          watchers,
          check: async (signal) => {
            const text = await address.get(signal);
            parseShape(text, shown);
            return text;
          },
        });
  const watching: Pick<Discovery, 'watch'> = refreshing
    ? {
        watch(watcher) {
          expectOpen();
          const stop = watchers.add(watcher);
          refreshing.start();
          return () => {
            stop();
            if (!watchers.any) refreshing.stop();
          };
        },
      }
    : {};
  return {
    discovery: { discover: async (context) => (await read(context)).members, ...watching },
    edgeDiscovery: { discoverEdges: async (_, context) => (await read(context)).edges, ...watching },
    async close() {
      watchers.clear();
      refreshing?.stop();
      closed.abort(new TypeError(`The discovery of ${shown} was closed`));
    },
  };
}

function parseShape(text: string, url: string): DesiredShape {
  try {
    return desiredShapeFromJson(JSON.parse(text));
  } catch (cause) {
    const isOurs = isMobError(cause);
    const why = isOurs ? cause.message : `it is not JSON: ${errorText(cause)}`;
    throw new MobError(
      isOurs ? cause.code : 'MOB_DISCOVERY_INVALID',
      `What ${url} answered cannot be used: ${why}`,
      {
        cause,
        details: { ...(isOurs && cause.details), url },
      },
    );
  }
}
