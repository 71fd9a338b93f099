import { type Clock, type Storage, systemClock } from '@mobkit/core';
import type { MemoryLedger } from '@mobkit/core/ops';

import {
  assertionsDefinition,
  changesDefinition,
  conflictsDefinition,
  stateDefinition,
} from './definitions.js';
import { StoredLedger } from './stored-ledger.js';

/** How much a memory ledger keeps. */
export interface MemoryLedgerLimits {
  /** Assertions kept, from 1 to 65536; beyond it the oldest go. @defaultValue 4096 */
  readonly maxAssertions?: number;
}

/** What `openMemoryLedger` is given. It closes none of it. */
export interface MemoryLedgerOptions extends MemoryLedgerLimits {
  /** Keeps the ledger, in the records `memory_…` and the log `memory_changes`. */
  readonly storage: Storage;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

const DEFAULT_MAX = 4096;
const LARGEST_MAX = 65_536;

/**
 * Prepares the tables and returns the ledger; there is nothing to close. Ledgers on one storage are one ledger, in
 * whatever processes they are.
 *
 * @throws TypeError for a bound that is none; MobError what the storage throws when it prepares.
 */
export async function openMemoryLedger(options: MemoryLedgerOptions): Promise<MemoryLedger> {
  const { storage, clock = systemClock, maxAssertions = DEFAULT_MAX } = options;
  if (!(Number.isSafeInteger(maxAssertions) && maxAssertions >= 1 && maxAssertions <= LARGEST_MAX)) {
    throw new TypeError(`maxAssertions is not a whole number from 1 to ${LARGEST_MAX}: ${maxAssertions}`);
  }
  await storage.prepare([assertionsDefinition, conflictsDefinition, changesDefinition, stateDefinition]);
  return new StoredLedger({ storage, clock, maxAssertions });
}
