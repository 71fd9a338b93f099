import { type Clock, isMobError, type SessionStore, systemClock, within } from '@mobkit/core';
import { type MobPlugin, tokens } from '@mobkit/di';
import type { BigQuerySessionOptions, BigQuerySessions } from '@mobkit/store-bigquery';

import { OpenedWhenAsked } from './opened-when-asked.js';

/** How long a start waits for a warehouse that gives no answer. */
const OPEN_MS = 5_000;

/** How long a stop waits for sessions that are being opened. */
const CLOSE_MS = 1_000;

/** Sessions kept in BigQuery. Its client is loaded only here: a start without it need not wait for it. */
export function bigquerySessions(
  options: BigQuerySessionOptions,
  onWarning: (text: string) => void,
  clock: Clock = systemClock,
): MobPlugin {
  const onError = ({ message }: Error) => onWarning(message);
  return {
    name: 'bigquery-sessions',
    register({ provideResource }) {
      provideResource({
        name: 'bigquery-sessions',
        supports: { durable: true },
        open: () => LateSessions.open({ onError, ...options }, clock),
        close: (sessions) => sessions.close(),
      }).fill(tokens.sessionStore, (sessions) => sessions);
    },
  };
}

/** May be away when the app starts: then it is opened when it is asked for something, and whoever asks is told that it failed. */
class LateSessions implements SessionStore {
  readonly supports = { durable: true, processes: 'many', cursor: 'settled' } as const;
  readonly #opened: OpenedWhenAsked<BigQuerySessions>;
  readonly #clock: Clock;
  /** Ends an attempt that is under way. */
  readonly #closing = new AbortController();

  private constructor(options: BigQuerySessionOptions, clock: Clock) {
    this.#clock = clock;
    this.#opened = new OpenedWhenAsked('The sessions are', async () => {
      const { openBigQuerySessions } = await import('@mobkit/store-bigquery');
      return openBigQuerySessions({ ...options, signal: this.#closing.signal });
    });
  }

  /**
   * Resolves after five seconds at the latest, and goes on by itself then.
   *
   * @throws what `openBigQuerySessions` throws by then, except that BigQuery cannot be reached.
   */
  static async open(options: BigQuerySessionOptions, clock: Clock): Promise<LateSessions> {
    const sessions = new LateSessions(options, clock);
    const first = sessions.#opened.get().catch((failed: unknown) => ({ failed }));
    const tried = await within(clock, OPEN_MS, first);
    if (tried && 'failed' in tried && !isMobError(tried.failed, 'MOB_STORE_UNAVAILABLE')) throw tried.failed;
    return sessions;
  }

  append: SessionStore['append'] = async (rows) => (await this.#opened.get()).sessions.append(rows);
  history: SessionStore['history'] = async (query) => (await this.#opened.get()).sessions.history(query);
  latest: SessionStore['latest'] = async (query) => (await this.#opened.get()).sessions.latest(query);
  live: SessionStore['live'] = async (query) => (await this.#opened.get()).sessions.live(query);
  compact: SessionStore['compact'] = async () => (await this.#opened.get()).sessions.compact();

  async close(): Promise<void> {
    this.#closing.abort();
    const opened = this.#opened.end();
    const closing = opened?.then((one) => one.close()).catch(() => {});
    const settled = opened?.then(() => true).catch(() => true);
    // What opens later than that is closed then.
    if (settled && (await within(this.#clock, CLOSE_MS, settled))) await closing;
  }
}
