import type { MemoryLedger } from '@mobkit/core/ops';
import { openMemoryStores } from '@mobkit/store-memory';

import { ledgerProofs } from '../../../packages/contract-kit/src/memory-ledger/proofs.js';
import { itCatches } from '../../../packages/contract-kit/test/planted-faults.js';
import { openMemoryLedger } from '../src/open.js';
import { type Breaking, ledgerFaults } from './broken/ledger-faults.js';

const maxAssertions = 12;

itCatches({
  part: 'a memory ledger',
  proofs: ledgerProofs(maxAssertions),
  async open(breaking: Breaking = () => ({})) {
    const { storage, close } = await openMemoryStores();
    const opened = async (first: boolean): Promise<MemoryLedger> => {
      const sound = await openMemoryLedger({ storage, maxAssertions });
      return {
        index: (request) => sound.index(request),
        query: (query) => sound.query(query),
        stores: () => sound.stores(),
        resolveConflict: (request) => sound.resolveConflict(request),
        deleteAssertion: (assertionId, author) => sound.deleteAssertion(assertionId, author),
        changes: (query) => sound.changes(query),
        conflictFor: (reference) => sound.conflictFor(reference),
        conflictCount: () => sound.conflictCount(),
        ...breaking(sound, first),
      };
    };
    return { ledger: await opened(true), another: () => opened(false), close };
  },
  faults: ledgerFaults,
});
