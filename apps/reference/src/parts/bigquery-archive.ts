import { type MobPlugin, tokens } from '@mobkit/di';
import type { BigQueryEventOptions } from '@mobkit/store-bigquery';

/** Events archived in BigQuery. Its client is loaded only here: a start without it need not wait for it. */
export function bigqueryArchive(options: BigQueryEventOptions): MobPlugin {
  return {
    name: 'bigquery-archive',
    register({ provideResource }) {
      provideResource({
        name: 'bigquery-archive',
        supports: { durable: true },
        async open() {
          const { openBigQueryArchive } = await import('@mobkit/store-bigquery');
          return openBigQueryArchive(options);
        },
        close: (opened) => opened.close(),
      }).fill(tokens.eventArchive, ({ archive }) => archive);
    },
  };
}
