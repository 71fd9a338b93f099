import { MobError, type NewRecord, type StoredRecord } from '@mobkit/core';

import { parseSessionRecord } from '../members/restore-session.js';
import { archivedRecord, sessionsDefinition } from '../members/session.js';
import type { MobContext } from './mob-context.js';

export interface ArchivedOrphans {
  readonly ids: readonly string[];
  readonly warnings: readonly string[];
}

/** Archives open sessions that no member of the ledger has; what is no session as it is. @throws what the storage throws. */
export async function archiveOrphans({
  storage,
  mobId,
  ledger,
  clock,
}: MobContext): Promise<ArchivedOrphans> {
  const sessions = storage.records(sessionsDefinition);
  const owned = new Set([...ledger.roster.members.values()].map(({ sessionId }) => sessionId));
  const [ids, warnings]: [string[], string[]] = [[], []];
  for (let afterKey = '', more = true; more;) {
    const page = await sessions.list({ where: { mob_id: mobId, open: 1 }, afterKey });
    for (const kept of page.records) {
      const { key, version } = kept;
      if (owned.has(key)) continue;
      const archived = toArchived(kept, clock.now());
      if (!archived.readable)
        warnings.push(`Session "${key}", which no member has, cannot be read; it is kept`);
      await sessions.put(key, archived.record, { expectedVersion: version });
      ids.push(key);
    }
    afterKey = page.records.at(-1)?.key ?? afterKey;
    ({ more } = page);
  }
  return { ids, warnings };
}

function toArchived(
  kept: StoredRecord,
  nowMs: number,
): { readonly record: NewRecord; readonly readable: boolean } {
  const { open: _, ...fields } = kept.fields;
  try {
    const record = parseSessionRecord(kept, (why) => new MobError('MOB_LEDGER_INVALID', why));
    return { record: archivedRecord(record, nowMs), readable: true };
  } catch {
    return { record: { fields, data: kept.data }, readable: false };
  }
}
