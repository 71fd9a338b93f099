import { describeContract } from './chapter.js';
import type { Harness } from './harness.js';
import { changeChapters } from './memory-ledger/changes.js';
import { keepingChapters } from './memory-ledger/keeping.js';
import type { LedgerUnderTest } from './memory-ledger/ledger-under-test.js';
import { requestChapters } from './memory-ledger/requests.js';

/** How the kit gets ledgers to test. `reopen` and `child` are not asked for: `another` stands for both. */
export interface MemoryLedgerHarness extends Pick<Harness<LedgerUnderTest>, 'name' | 'open'> {
  /** How many assertions each ledger keeps: from 12, and few, so that tests go beyond. */
  readonly maxAssertions: number;
}

/** Registers the tests every `MemoryLedger` passes. Call it at the top level of a vitest file. */
export function describeMemoryLedger(harness: MemoryLedgerHarness): void {
  describeContract('MemoryLedger', harness, [
    ...requestChapters,
    ...changeChapters,
    ...keepingChapters(harness.maxAssertions),
  ]);
}
