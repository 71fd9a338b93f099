import { type MobPlugin, tokens } from '@mobkit/di';

import { type MemoryLedgerLimits, openMemoryLedger } from './open.js';

/** Provides `MemoryLedger` over `Storage`, which must be listed before. */
export function memoryLedger(limits: MemoryLedgerLimits = {}): MobPlugin {
  return {
    name: 'memory-ledger',
    register(context) {
      const { container } = context;
      context
        .provideResource({
          name: 'memory-ledger',
          keepsIn: tokens.storage,
          open: () => openMemoryLedger({ storage: container.resolve(tokens.storage), ...limits }),
          close: async () => {},
        })
        .fill(tokens.memoryLedger, (ledger) => ledger);
    },
  };
}
