import { Socket } from 'node:net';

import { systemClock, within } from '@mobkit/core';
import { Pool } from 'pg';

/** How long a connection that was ended may take to be gone. */
const LINGER_MS = 5_000;

/** A pool that the store made, and ends. */
export interface OwnPool {
  readonly pool: Pool;
  /** Breaks all of its connections. */
  cut(): void;
  /** Lets every connection go when it has come back. One that does not say goodbye in time is broken, and keeps no process alive. */
  end(): Promise<void>;
}

/**
 * With two appends under way on a connection. Gives up in time on a server that does not answer, instead of leaving every
 * caller waiting with it.
 */
export function openOwnPool(connectionString: string): OwnPool {
  const sockets = new Set<Socket>();
  const pool = new Pool({
    connectionString,
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    stream: () => {
      const socket = new Socket();
      sockets.add(socket.once('close', () => sockets.delete(socket)));
      return socket;
    },
  });
  // To its last: `end` does not wait for the connections to be gone, and a server that shuts down meanwhile breaks one still.
  pool.on('error', () => {});
  return {
    pool,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    async end() {
      const ended = pool.end();
      // Their timers keep nothing alive either.
      for (const socket of sockets) socket.unref().setTimeout(LINGER_MS, () => socket.destroy());
      await within(systemClock, LINGER_MS, ended);
    },
  };
}
