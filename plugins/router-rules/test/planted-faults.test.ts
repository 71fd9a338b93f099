import { openMemoryStores } from '@mobkit/store-memory';

import { routerProofs } from '../../../packages/contract-kit/src/router/proofs.js';
import { RouterStage } from '../../../packages/contract-kit/src/router/stage.js';
import { itCatches } from '../../../packages/contract-kit/test/planted-faults.js';
import { open, routerFaults } from './broken/router-faults.js';

itCatches({
  part: 'a router',
  proofs: routerProofs,
  open: (breaking = open) => RouterStage.open({ name: 'memory', open: openMemoryStores, router: breaking }),
  faults: routerFaults,
});
