import { describeGate } from '@mobkit/contract-kit';
import { openGate } from '@mobkit/gating';

import { threeStores } from './three-stores.js';

for (const { name, open } of threeStores()) describeGate({ name, open, gate: openGate });
