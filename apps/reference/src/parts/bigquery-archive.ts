import type { EventArchive } from '@mobkit/core';
import { type MobPlugin, tokens } from '@mobkit/di';
import type { BigQueryArchive, BigQueryEventOptions, BigQueryInfo } from '@mobkit/store-bigquery';

/** Events archived in BigQuery. What its jobs read, which is what they cost, is told. */
export function bigqueryArchive(options: BigQueryEventOptions, tellInfo: (text: string) => void): MobPlugin {
  const onInfo = ({ doing, jobId, bytesProcessed }: BigQueryInfo) => {
    if (jobId !== undefined) tellInfo(`BigQuery read ${bytesProcessed} bytes to ${doing}, job ${jobId}`);
  };
  return {
    name: 'bigquery-archive',
    register({ provideResource }) {
      provideResource({
        name: 'bigquery-archive',
        supports: { durable: true },
        open: async () => new LazyArchive({ ...options, onInfo }),
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
  /** Ends an attempt that is under way. */
  readonly #closing = new AbortController();
  #opened: Promise<BigQueryArchive> | undefined;

  constructor(options: BigQueryEventOptions) {
    this.#options = options;
  }

  put: EventArchive['put'] = async (events) => (await this.#open()).archive.put(events);
  bounds: EventArchive['bounds'] = async () => (await this.#open()).archive.bounds();
  query: EventArchive['query'] = async (query) => (await this.#open()).archive.query(query);

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#opened?.then((opened) => opened.close()).catch(() => {});
  }

  #open(): Promise<BigQueryArchive> {
    if (this.#closing.signal.aborted) return Promise.reject(new TypeError('The archive is closed'));
    this.#opened ??= import('@mobkit/store-bigquery')
      .then(({ openBigQueryArchive }) =>
        openBigQueryArchive({ ...this.#options, signal: this.#closing.signal }),
      )
      .catch((error: unknown) => {
        this.#opened = undefined;
        throw error;
      });
    return this.#opened;
  }
}
