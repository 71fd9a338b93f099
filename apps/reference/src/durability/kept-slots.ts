import { type Token, tokens } from '@mobkit/di';

import { deadLettersToken } from '../parts/dead-letters.js';
import { spoolToken } from '../parts/event-spool.js';

/** Something that is kept, and the slot whose holder keeps it. What is under no key here is not kept at all. */
export interface KeptSlot {
  readonly name: string;
  readonly token: Token<unknown>;
}

/** How long each of them is kept is not said here: whoever holds the slot says so. */
export const keptSlots: readonly KeptSlot[] = [
  { name: 'events', token: tokens.eventLogStore },
  { name: 'archived_events', token: tokens.eventArchive },
  { name: 'dead_letters', token: deadLettersToken },
  { name: 'spool', token: spoolToken },
  { name: 'streams', token: tokens.mobHandle },
  { name: 'ledger', token: tokens.mobEngine },
  { name: 'sessions', token: tokens.mobEngine },
  { name: 'session_rows', token: tokens.sessionStore },
  { name: 'waiting_messages', token: tokens.mobEngine },
  { name: 'flow_runs', token: tokens.mobEngine },
  { name: 'labels', token: tokens.metadataStore },
  { name: 'managed_wires', token: tokens.metadataStore },
  { name: 'approvals', token: tokens.gate },
  { name: 'schedules', token: tokens.scheduler },
  { name: 'deliveries', token: tokens.delivery },
  { name: 'routes', token: tokens.router },
  { name: 'memory', token: tokens.memoryLedger },
];
