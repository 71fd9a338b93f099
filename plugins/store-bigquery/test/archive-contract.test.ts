import { describeEventArchive } from '@mobkit/contract-kit';

import { openBigQueryArchive } from '../src/events/open-events.js';
import { testDataset } from './test-warehouse.js';

let dataset: ReturnType<typeof testDataset>;
const reopen = () => openBigQueryArchive({ ...dataset.options, mode: 'stream' });

describeEventArchive({
  name: 'bigquery',
  open() {
    dataset = testDataset();
    return reopen();
  },
  reopen,
});
