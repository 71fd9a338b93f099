import { MobError, type OrderedLog, type StoredEntry } from '@mobkit/core';

import { toLedgerItem } from './ledger-definition.js';
import { Roster } from './roster.js';

/** Entries read at a time, about 1 MB: fewer round trips are hardly faster, larger pages hold others up. */
const PAGE = 4096;

/** What a mob's ledger adds up to, and the last entry that was taken in; 0 for an id that never had a mob. */
export interface ReadLedger {
  readonly roster: Roster;
  readonly lastSeq: number;
}

/** @throws MobError `MOB_LEDGER_INVALID` when it cannot be folded, and what the log throws. */
export async function readLedger(mobId: string, log: OrderedLog): Promise<ReadLedger> {
  // The ledger of a mob that was destroyed is empty, and goes on with its next life.
  let lastSeq = (await log.bounds()).firstSeq - 1;
  const roster = new Roster(lastSeq);
  for (let more = true; more;) {
    const page = await log.read({ afterSeq: lastSeq, limit: PAGE, withoutFields: true });
    if (page.firstSeq > lastSeq + 1) throw invalid(mobId, lastSeq + 1, 'is gone');
    for (const entry of page.entries) apply(mobId, roster, entry);
    lastSeq = page.scannedTo;
    more = page.more;
  }
  return { roster, lastSeq };
}

function apply(mobId: string, roster: Roster, entry: StoredEntry): void {
  try {
    roster.apply(toLedgerItem(entry));
  } catch (cause) {
    throw invalid(mobId, entry.seq, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function invalid(mobId: string, cursor: number, why: string, cause?: unknown): MobError {
  const message = `The ledger of mob "${mobId}" cannot be read at entry ${cursor}: ${why}`;
  return new MobError('MOB_LEDGER_INVALID', message, {
    ...(cause !== undefined && { cause }),
    details: { mobId, cursor },
  });
}
