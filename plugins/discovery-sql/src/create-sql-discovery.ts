import {
  agentDiscoverySpecsFromJson,
  desiredPeerEdges,
  type Discovery,
  DiscoveryWatchers,
  type EdgeDiscovery,
  MobError,
} from '@mobkit/core';

import { askRows } from './ask-rows.js';
import { ChannelWatch } from './channel-watch.js';
import { openDatabase } from './database.js';
import { parseOptions, type SqlDiscoveryOptions } from './options.js';

/** Who should exist and who may talk to whom, as a database says. */
export interface SqlDiscovery {
  readonly discovery: Discovery;
  /** Absent without the option `edges`. */
  readonly edgeDiscovery?: EdgeDiscovery;
  /**
   * Ends what is under way and the connections; leaves a pool that was given open. Nobody is told anything any more, and
   * further calls are refused. May be called twice.
   */
  close(): Promise<void>;
}

/**
 * Makes a source of a Postgres database. Connects to nothing: each call asks its query in a transaction that cannot write.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for options that cannot be meant. From the calls, `MOB_DISCOVERY_UNAVAILABLE` when
 * there is no answer (`details.state`, the SQLSTATE, where there is one; retryable unless the answer would be the same), and
 * `MOB_DISCOVERY_INVALID` or `MOB_WIRING_INVALID` for what is in it, e.g. `members[3].labels`.
 */
export function createSqlDiscovery(options: SqlDiscoveryOptions): SqlDiscovery {
  const parsed = parseOptions(options);
  const { members, edges, channel, clock, timeoutMs, maxRows } = parsed;
  const { pool, end } = openDatabase(parsed);
  const closed = new AbortController();
  const watchers = new DiscoveryWatchers();
  const listening = channel === undefined ? undefined : new ChannelWatch({ pool, channel, clock, watchers });
  let ended: Promise<void> | undefined;

  const expectOpen = () => {
    if (closed.signal.aborted) throw new TypeError('discovery-sql is closed');
  };
  const ask = async (what: 'members' | 'edges', text: string, signal: AbortSignal) => {
    expectOpen();
    const rows = await askRows({ pool, text, what, timeoutMs, maxRows, closed: closed.signal }, signal);
    if (rows.length <= maxRows) return rows;
    throw new MobError('MOB_DISCOVERY_INVALID', `The query of ${what} answers more than ${maxRows} rows`, {
      details: { field: what },
    });
  };
  const watching: Pick<Discovery, 'watch'> = listening
    ? {
        watch(watcher) {
          expectOpen();
          const stop = watchers.add(watcher);
          listening.start();
          return () => {
            stop();
            if (!watchers.any) void listening.stop();
          };
        },
      }
    : {};
  return {
    discovery: {
      discover: async ({ signal }) =>
        agentDiscoverySpecsFromJson(await ask('members', members, signal), 'members'),
      ...watching,
    },
    ...(edges !== undefined && {
      edgeDiscovery: {
        discoverEdges: async (_, { signal }) => desiredPeerEdges(await ask('edges', edges, signal), 'edges'),
        ...watching,
      },
    }),
    close() {
      watchers.clear();
      closed.abort(new TypeError('discovery-sql was closed'));
      return (ended ??= (async () => {
        await listening?.stop();
        await end();
      })());
    },
  };
}
