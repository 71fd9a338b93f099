import { type Clock, delay } from '@mobkit/core';
import { KEEP_ALIVE_MS, toHttpError } from '@mobkit/rpc';

import { refuse } from './answers.js';
import { closingFrame, keepAliveFrame } from './frames.js';
import { StreamClient } from './stream-client.js';

/** A piece of a stream. */
export interface StreamItem {
  readonly bytes: Uint8Array;
  /** False for history, which is read at the client's pace; what happens meanwhile is kept for it, up to a limit. */
  readonly live: boolean;
}

/** A stream, with nothing read of it yet. */
export interface OpenedStream {
  readonly opening: Uint8Array;
  readonly items: AsyncIterable<StreamItem>;
}

/** Opens a stream. It ends by `signal`, which is aborted when the client is gone. */
export type OpenStream = (signal: AbortSignal) => OpenedStream;

export interface StreamClientsOptions {
  readonly clock: Clock;
  readonly limit: number;
  readonly onError: (error: unknown) => void;
}

/** Everybody who reads an event stream. Has a timer while there is anybody, and nothing when there is not. */
export class StreamClients {
  readonly #options: StreamClientsOptions;
  readonly #clients = new Set<StreamClient>();
  #cancelKeepAlive: (() => void) | undefined;
  #ended = false;

  constructor(options: StreamClientsOptions) {
    this.#options = options;
  }

  /** Answers with a stream; 503 when there are too many, or after `endAll`. Throws what `openStream` throws, and nobody reads then. */
  open(openStream: OpenStream, disconnect?: () => void): Response {
    const { clock, limit } = this.#options;
    if (this.#ended) return refuse(503, 'shutting_down', 'The server is stopping');
    if (this.#clients.size >= limit) {
      const message = `${limit} event streams are open, and no more are served: close one`;
      return refuse(503, 'too_many_streams', message, { 'retry-after': '5' });
    }
    const gone = new AbortController();
    const { opening, items } = openStream(gone.signal);
    const client = new StreamClient({
      clock,
      disconnect,
      onGone: () => {
        this.#clients.delete(client);
        if (this.#clients.size === 0) this.#stopKeepAlive();
        gone.abort();
      },
    });
    this.#clients.add(client);
    this.#cancelKeepAlive ??= this.#keepAliveLater();
    client.write(opening);
    void this.#pump(client, items, gone.signal);
    return new Response(client.body, {
      headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
    });
  }

  /** Ends every stream after what was written to it, and opens no more. */
  endAll(): void {
    this.#ended = true;
    for (const client of this.#clients) client.end();
  }

  async #pump(client: StreamClient, items: AsyncIterable<StreamItem>, signal: AbortSignal): Promise<void> {
    try {
      for await (const { bytes, live } of items) {
        client.write(bytes);
        if (!live) await client.caughtUp();
        // A burst comes without a pause: let the connection take some of it before it counts as too slow.
        else if (client.behind) await delay(this.#options.clock, 0, signal);
        if (signal.aborted) return;
      }
    } catch (error) {
      this.#options.onError(error);
      client.write(closingFrame(toHttpError(error).body.error));
    } finally {
      client.end();
    }
  }

  /** So that nothing between takes the connection for dead. */
  #keepAlive(): void {
    for (const client of this.#clients) client.write(keepAliveFrame);
    this.#cancelKeepAlive = this.#clients.size > 0 ? this.#keepAliveLater() : undefined;
  }

  /** An open stream is no reason for a process to live on; the connection under it may be. */
  #keepAliveLater(): () => void {
    return this.#options.clock.after(KEEP_ALIVE_MS, () => this.#keepAlive(), { background: true });
  }

  #stopKeepAlive(): void {
    this.#cancelKeepAlive?.();
    this.#cancelKeepAlive = undefined;
  }
}
