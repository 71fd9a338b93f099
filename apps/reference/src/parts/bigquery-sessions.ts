import { isMobError, type SessionStore, systemClock, within } from '@mobkit/core';
import { type MobPlugin, tokens } from '@mobkit/di';
import type { BigQuerySessionOptions, BigQuerySessions } from '@mobkit/store-bigquery';

/** How long a stop waits for sessions that are being opened. */
const CLOSE_MS = 1_000;

/** Sessions kept in BigQuery. Its client is loaded only here: a start without it need not wait for it. */
export function bigquerySessions(
  options: BigQuerySessionOptions,
  onWarning: (text: string) => void,
): MobPlugin {
  const onError = ({ message }: Error) => onWarning(message);
  return {
    name: 'bigquery-sessions',
    register({ provideResource }) {
      provideResource({
        name: 'bigquery-sessions',
        supports: { durable: true },
        open: () => LateSessions.open({ onError, ...options }),
        close: (sessions) => sessions.close(),
      }).fill(tokens.sessionStore, (sessions) => sessions);
    },
  };
}

/** May be away when the app starts: then it is opened when it is asked for something, and whoever asks is told that it failed. */
class LateSessions implements SessionStore {
  readonly supports = { durable: true, processes: 'many', cursor: 'settled' } as const;
  readonly #options: BigQuerySessionOptions;
  #opened: Promise<BigQuerySessions> | undefined;
  #closed = false;

  private constructor(options: BigQuerySessionOptions) {
    this.#options = options;
  }

  /** @throws what `openBigQuerySessions` throws, except that BigQuery cannot be reached. */
  static async open(options: BigQuerySessionOptions): Promise<LateSessions> {
    const sessions = new LateSessions(options);
    try {
      await sessions.#open();
    } catch (error) {
      if (!isMobError(error, 'MOB_STORE_UNAVAILABLE')) throw error;
    }
    return sessions;
  }

  append: SessionStore['append'] = async (rows) => (await this.#open()).sessions.append(rows);
  history: SessionStore['history'] = async (query) => (await this.#open()).sessions.history(query);
  latest: SessionStore['latest'] = async (query) => (await this.#open()).sessions.latest(query);
  live: SessionStore['live'] = async (query) => (await this.#open()).sessions.live(query);
  compact: SessionStore['compact'] = async () => (await this.#open()).sessions.compact();

  async close(): Promise<void> {
    this.#closed = true;
    const closing = this.#opened?.then((opened) => opened.close()).catch(() => {});
    const opened = this.#opened?.then(() => true).catch(() => true);
    // What opens later than that is closed then.
    if (opened && (await within(systemClock, CLOSE_MS, opened))) await closing;
  }

  #open(): Promise<BigQuerySessions> {
    if (this.#closed) return Promise.reject(new TypeError('The sessions are closed'));
    this.#opened ??= import('@mobkit/store-bigquery')
      .then(({ openBigQuerySessions }) => openBigQuerySessions(this.#options))
      .catch((error: unknown) => {
        this.#opened = undefined;
        throw error;
      });
    return this.#opened;
  }
}
