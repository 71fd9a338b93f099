import type { Harness } from './harness.js';
import type { LedgerUnderTest } from './memory-ledger/ledger-under-test.js';
import { ledgerProofs } from './memory-ledger/proofs.js';
import { describeProofs } from './proofs.js';

/** How the kit gets ledgers to test. `reopen` and `child` are not asked for: `another` stands for both. */
export interface MemoryLedgerHarness extends Pick<Harness<LedgerUnderTest>, 'name' | 'open'> {
  /** How many assertions each ledger keeps: from 12, and few, so that tests go beyond. */
  readonly maxAssertions: number;
}

/** Registers the tests every `MemoryLedger` passes. Call it at the top level of a vitest file. */
export function describeMemoryLedger(harness: MemoryLedgerHarness): void {
  describeProofs(
    `MemoryLedger contract: ${harness.name}`,
    async () => harness.open(),
    ledgerProofs(harness.maxAssertions),
  );
}
