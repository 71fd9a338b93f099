import { type MobPlugin, tokens } from '@mobkit/di';
import type { BigQuerySessionOptions } from '@mobkit/store-bigquery';

/** Sessions kept in BigQuery. Its client is loaded only here: a start without it need not wait for it. */
export function bigquerySessions(options: BigQuerySessionOptions): MobPlugin {
  return {
    name: 'bigquery-sessions',
    register({ provideResource }) {
      provideResource({
        name: 'bigquery-sessions',
        supports: { durable: true },
        async open() {
          const { openBigQuerySessions } = await import('@mobkit/store-bigquery');
          return openBigQuerySessions(options);
        },
        close: (opened) => opened.close(),
      }).fill(tokens.sessionStore, ({ sessions }) => sessions);
    },
  };
}
