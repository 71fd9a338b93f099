import { alternate, ratio } from './alternate.js';
import type { Bench } from './bench.js';
import { clientInsert, ours } from './bigquery-contenders.js';
import { startLocalBigQuery } from './local-bigquery.js';
import { scaled } from './scale.js';

const REPEATS = 5;
const BATCH = 500;
const BATCHES = 40;

/** What it costs this process to bring events into BigQuery. */
export const bigquery: Bench = {
  name: 'bigquery',
  about: `CPU of this process for each event of about 300 bytes, in batches of ${BATCH}, the server in another; microseconds`,
  async run(progress) {
    const server = await startLocalBigQuery();
    try {
      const options = { server: server.options, batch: BATCH, batches: scaled(BATCHES) };
      const contenders = [
        ours(options, 'us_per_row'),
        clientInsert(options, 'client_insert_us_per_row', false),
        clientInsert(options, 'client_raw_insert_us_per_row', true),
      ];
      const samples = await alternate(contenders, scaled(REPEATS), progress);
      return {
        settings: {
          batch: BATCH,
          batches: options.batches,
          repeats: scaled(REPEATS),
          server: 'local, DuckDB',
        },
        samples,
        ratios: {
          vs_client_insert: ratio(samples['us_per_row'], samples['client_insert_us_per_row']),
          vs_client_raw_insert: ratio(samples['us_per_row'], samples['client_raw_insert_us_per_row']),
        },
      };
    } finally {
      await server.close();
    }
  },
};
