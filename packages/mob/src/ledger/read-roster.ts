import type { Storage } from '@mobkit/core';
import type { MemberSnapshot } from '@mobkit/core/mob';

import { sessionsDefinition } from '../members/session.js';
import { ledgerDefinition } from './ledger-definition.js';
import { readLedger } from './read-ledger.js';
import { toSnapshot } from './to-snapshot.js';

/** Whose members to read. */
export interface ReadRosterOptions {
  /** Absent: the members of every mob in the storage. */
  readonly mobId?: string;
}

/**
 * The members as the ledger has them, sorted by identity, without an engine: for looking at a storage while nobody runs the
 * mob. All are `active`, since what is broken shows only when it is opened. Writes nothing but what `prepare` does.
 *
 * @throws MobError `MOB_LEDGER_INVALID` when a ledger cannot be folded, and what the storage throws.
 */
export async function readRoster(
  storage: Storage,
  { mobId }: ReadRosterOptions = {},
): Promise<readonly MemberSnapshot[]> {
  await storage.prepare([ledgerDefinition, sessionsDefinition]);
  const members: MemberSnapshot[] = [];
  for (const id of mobId === undefined ? await mobIds(storage) : [mobId]) {
    const { roster } = await readLedger(id, storage.log(ledgerDefinition, id));
    members.push(...[...roster.members.values()].map((entry) => toSnapshot(entry, { status: 'active' })));
  }
  return members.toSorted((one, other) => (one.identity < other.identity ? -1 : 1));
}

/** Every member had a session, so a mob without any has no roster either. */
export async function mobIds(storage: Storage): Promise<readonly string[]> {
  const ids = new Set<string>();
  const sessions = storage.records(sessionsDefinition);
  for (let afterKey = '', more = true; more;) {
    const page = await sessions.list({ afterKey });
    for (const { fields } of page.records) ids.add(String(fields['mob_id']));
    afterKey = page.records.at(-1)?.key ?? afterKey;
    ({ more } = page);
  }
  return [...ids];
}
