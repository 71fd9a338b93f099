import type { MemoryLedgerLimits } from '@mobkit/memory-ledger';
import { z } from 'zod';

/** The part `memory` of a config: how much is kept. */
export const memoryConfig = z
  .strictObject({ max_assertions: z.int().min(1).max(65_536).optional() })
  .transform(({ max_assertions: maxAssertions }): MemoryLedgerLimits => {
    return maxAssertions === undefined ? {} : { maxAssertions };
  })
  .prefault({});
