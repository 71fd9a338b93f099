import { describeEventArchive } from '@mobkit/contract-kit';

import { TableEventArchive } from '../src/events/event-archive.js';
import type { WriteMode } from '../src/events/options.js';
import { testDataset } from './test-warehouse.js';

for (const mode of ['stream', 'load'] satisfies WriteMode[]) {
  let dataset: ReturnType<typeof testDataset>;
  const reopen = async () => {
    const tables = await dataset.tables({ table: 'event_archive', mode });
    return { archive: new TableEventArchive(tables), close: () => tables.client.close() };
  };
  describeEventArchive({
    name: `bigquery ${mode}`,
    open() {
      dataset = testDataset();
      return reopen();
    },
    reopen,
  });
}
