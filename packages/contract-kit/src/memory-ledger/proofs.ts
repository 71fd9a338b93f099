import type { Proofs } from '../proofs.js';
import { changeProofs } from './changes.js';
import { keepingProofs } from './keeping.js';
import type { LedgerUnderTest } from './ledger-under-test.js';
import { requestProofs } from './requests.js';

/** What every ledger does that keeps so many assertions. */
export function ledgerProofs(maxAssertions: number): readonly Proofs<LedgerUnderTest>[] {
  return [...requestProofs, ...changeProofs, ...keepingProofs(maxAssertions)];
}
