import { type EventArchive, systemClock, within } from '@mobkit/core';
import { type MobPlugin, tokens } from '@mobkit/di';
import type { BigQueryArchive, BigQueryEventOptions } from '@mobkit/store-bigquery';

/** How long a stop waits for an archive that is being opened. */
const CLOSE_MS = 1_000;

/** Events archived in BigQuery. */
export function bigqueryArchive(options: BigQueryEventOptions): MobPlugin {
  return {
    name: 'bigquery-archive',
    register({ provideResource }) {
      provideResource({
        name: 'bigquery-archive',
        supports: { durable: true },
        open: async () => new LazyArchive(options),
        close: (archive) => archive.close(),
      }).fill(tokens.eventArchive, (archive) => archive);
    },
  };
}

/**
 * Is opened when it is first asked for something, and again when that failed: a start need not wait until it can be. Its client is
 * loaded only then.
 */
class LazyArchive implements EventArchive {
  readonly supports = { durable: true };
  readonly #options: BigQueryEventOptions;
  #opened: Promise<BigQueryArchive> | undefined;
  #closed = false;

  constructor(options: BigQueryEventOptions) {
    this.#options = options;
  }

  put: EventArchive['put'] = async (events) => (await this.#open()).archive.put(events);
  bounds: EventArchive['bounds'] = async () => (await this.#open()).archive.bounds();
  query: EventArchive['query'] = async (query) => (await this.#open()).archive.query(query);

  async close(): Promise<void> {
    this.#closed = true;
    const closing = this.#opened?.then((opened) => opened.close()).catch(() => {});
    const opened = this.#opened?.then(() => true).catch(() => true);
    // What opens later than that is closed then.
    if (opened && (await within(systemClock, CLOSE_MS, opened))) await closing;
  }

  #open(): Promise<BigQueryArchive> {
    if (this.#closed) return Promise.reject(new TypeError('The archive is closed'));
    this.#opened ??= import('@mobkit/store-bigquery')
      .then(({ openBigQueryArchive }) => openBigQueryArchive(this.#options))
      .catch((error: unknown) => {
        this.#opened = undefined;
        throw error;
      });
    return this.#opened;
  }
}
