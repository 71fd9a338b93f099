import { describeEventLogStore } from '@mobkit/contract-kit';

import { openBigQueryEventLog } from '../src/events/open-events.js';
import { testDataset } from './test-warehouse.js';

let dataset: ReturnType<typeof testDataset>;
const reopen = () => openBigQueryEventLog(dataset.options);

describeEventLogStore({
  name: 'bigquery',
  open() {
    dataset = testDataset();
    return reopen();
  },
  reopen,
  wakes: false,
  supports: { durable: true, cursor: 'settled', processes: 'one' },
});
