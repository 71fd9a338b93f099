import type { EventArchive } from '@mobkit/core';
import { type MobPlugin, tokens } from '@mobkit/di';
import type { BigQueryArchive, BigQueryEventOptions, BigQueryInfo } from '@mobkit/store-bigquery';

import { OpenedWhenAsked } from './opened-when-asked.js';

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

/** Its client is loaded when it is first asked for something. */
class LazyArchive implements EventArchive {
  readonly supports = { durable: true };
  readonly #opened: OpenedWhenAsked<BigQueryArchive>;
  /** Ends an attempt that is under way. */
  readonly #closing = new AbortController();

  constructor(options: BigQueryEventOptions) {
    this.#opened = new OpenedWhenAsked('The archive is', async () => {
      const { openBigQueryArchive } = await import('@mobkit/store-bigquery');
      return openBigQueryArchive({ ...options, signal: this.#closing.signal });
    });
  }

  put: EventArchive['put'] = async (events) => (await this.#opened.get()).archive.put(events);
  bounds: EventArchive['bounds'] = async () => (await this.#opened.get()).archive.bounds();
  query: EventArchive['query'] = async (query) => (await this.#opened.get()).archive.query(query);

  compact = async (signal?: AbortSignal) => (await this.#opened.get()).archive.compact(signal);

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#opened
      .end()
      ?.then((opened) => opened.close())
      .catch(() => {});
  }
}
