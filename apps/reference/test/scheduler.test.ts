import { describeScheduler } from '@mobkit/contract-kit';
import { openScheduler } from '@mobkit/scheduler';

import { threeStores } from './three-stores.js';

for (const { name, open } of threeStores()) {
  if (name !== 'memory') describeScheduler({ name, open, scheduler: openScheduler });
}
