import { openMemoryStores } from '@mobkit/store-memory';

import { GateStage } from '../../../packages/contract-kit/src/gate/gate-stage.js';
import { gateProofs } from '../../../packages/contract-kit/src/gate/proofs.js';
import { itCatches } from '../../../packages/contract-kit/test/planted-faults.js';
import { openGate } from '../src/open.js';
import { askingFaults } from './broken/asking-faults.js';
import { callFaults } from './broken/call-faults.js';
import { decidingFaults } from './broken/deciding-faults.js';

itCatches({
  part: 'a gate',
  proofs: gateProofs,
  open: (breaking = openGate) => GateStage.open({ name: 'memory', open: openMemoryStores, gate: breaking }),
  faults: { ...askingFaults, ...decidingFaults, ...callFaults },
});
