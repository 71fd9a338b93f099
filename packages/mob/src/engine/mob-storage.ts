import type { Definition, RecordsDefinition } from '@mobkit/core';

import { runsDefinition } from '../flows/run-record.js';
import { ledgerDefinition } from '../ledger/ledger-definition.js';
import { inputsDefinition } from '../members/input.js';
import { sessionsDefinition, transcriptDefinition } from '../members/session.js';
import { fencesDefinition } from './fence.js';
import { leasesDefinition } from './lease-record.js';
import { statesDefinition } from './stopped-record.js';

/**
 * Records that belong to a mob, each with the mob's id in its field `mob_id`: opening a mob prepares them, and destroying it
 * removes those of that mob, in this order, sessions with their transcripts last.
 */
export const mobRecords: readonly RecordsDefinition[] = [
  inputsDefinition,
  runsDefinition,
  statesDefinition,
  sessionsDefinition,
];

export const mobStorage: readonly Definition[] = [
  ledgerDefinition,
  transcriptDefinition,
  leasesDefinition,
  fencesDefinition,
  ...mobRecords,
];
