import { describeScheduler } from '@mobkit/contract-kit';
import { openMemoryStores } from '@mobkit/store-memory';

import { openScheduler } from '../src/open.js';

describeScheduler({ name: 'memory', open: () => openMemoryStores(), scheduler: openScheduler });
