import { describeDelivery } from '@mobkit/contract-kit';
import { openDelivery } from '@mobkit/delivery';

import { threeStores } from './three-stores.js';

for (const { name, open } of threeStores()) {
  describeDelivery({
    name,
    async open() {
      const { storage, close } = await open();
      return { delivery: (given) => openDelivery({ ...given, storage }), close };
    },
  });
}
