import { once } from 'node:events';

import { backoffMs, type Clock, delay, type DiscoveryWatchers } from '@mobkit/core';
import type { Pool, PoolClient } from 'pg';

import { databaseError } from './database-error.js';
import { takeClient } from './take-client.js';

/** How often to see whether the connection still answers: one that died without a word looks like one that hears nothing. */
const LOOK_MS = 15_000;
const ANSWER_MS = 10_000;

export interface ChannelWatchDeps {
  readonly pool: Pool;
  readonly channel: string;
  readonly clock: Clock;
  readonly watchers: DiscoveryWatchers;
}

/**
 * Tells when a channel is notified. Keeps one connection meanwhile, and renews it when it breaks; whenever it has begun to listen
 * it tells of a change, for what was missed before.
 */
export class ChannelWatch {
  readonly #deps: ChannelWatchDeps;
  #run: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  /** What was stopped and is not over yet. */
  #ending: Promise<unknown> = Promise.resolve();

  constructor(deps: ChannelWatchDeps) {
    this.#deps = deps;
  }

  /** Does nothing when it is started. */
  start(): void {
    if (this.#run) return;
    const stop = new AbortController();
    this.#run = { stop, done: this.#repeat(stop.signal) };
  }

  /** From now on nobody is told; resolves when the connection is given back. */
  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    if (run) {
      run.stop.abort();
      this.#ending = Promise.all([this.#ending, run.done]);
    }
    await this.#ending;
  }

  /** Never rejects. */
  async #repeat(signal: AbortSignal): Promise<void> {
    const { clock, watchers, channel } = this.#deps;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#listen(signal, () => (failures = 0));
      } catch (cause) {
        if (signal.aborted) return;
        watchers.failed(databaseError(`listen on "${channel}"`, cause));
        await delay(clock, backoffMs(failures), signal, { background: true });
        failures += 1;
      }
    }
  }

  /** Always throws in the end: the connection broke, or nobody watches any more. */
  async #listen(signal: AbortSignal, begun: () => void): Promise<never> {
    const { pool, channel, watchers } = this.#deps;
    const client = await takeClient(pool, signal);
    const heard = () => {
      if (!signal.aborted) watchers.changed();
    };
    client.on('notification', heard);
    try {
      const ended = once(client, 'end', { signal });
      ended.catch(() => {});
      await Promise.race([ask(client, `listen "${channel}"`), ended]);
      signal.throwIfAborted();
      begun();
      heard();
      await Promise.race([ended, this.#expectAnswers(client, signal)]);
      throw new Error('the connection ended');
    } finally {
      client.off('notification', heard);
      // Not for reuse: it listens.
      client.release(true);
    }
  }

  async #expectAnswers(client: PoolClient, signal: AbortSignal): Promise<void> {
    for (;;) {
      await delay(this.#deps.clock, LOOK_MS, signal, { background: true });
      if (signal.aborted) return;
      await ask(client, 'select');
    }
  }
}

async function ask(client: PoolClient, text: string): Promise<void> {
  const query = { text, query_timeout: ANSWER_MS };
  await client.query(query);
}
