import { openMemoryStores } from '@mobkit/store-memory';

import { deliveryProofs } from '../../../packages/contract-kit/src/delivery/proofs.js';
import { DeliveryStage } from '../../../packages/contract-kit/src/delivery/stage.js';
import { itCatches } from '../../../packages/contract-kit/test/planted-faults.js';
import { openDelivery } from '../src/open.js';
import { admittingFaults } from './broken/admitting-faults.js';
import { carryingFaults } from './broken/carrying-faults.js';
import { keepingFaults } from './broken/keeping-faults.js';

itCatches({
  part: 'a delivery',
  proofs: deliveryProofs,
  async open(breaking = openDelivery) {
    const { storage, close } = await openMemoryStores();
    return new DeliveryStage({ delivery: (given) => breaking({ ...given, storage }), close });
  },
  faults: { ...carryingFaults, ...admittingFaults, ...keepingFaults },
});
