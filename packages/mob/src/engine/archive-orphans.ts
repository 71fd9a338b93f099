import { archivedRecord, sessionsDefinition } from '../members/session.js';
import type { MobContext } from './mob-context.js';

/** Archives open sessions that no member of the ledger has, and answers their ids. @throws what the storage throws. */
export async function archiveOrphans({
  storage,
  mobId,
  ledger,
  clock,
}: MobContext): Promise<readonly string[]> {
  const sessions = storage.records(sessionsDefinition);
  const owned = new Set([...ledger.roster.members.values()].map(({ sessionId }) => sessionId));
  const orphans: string[] = [];
  for (let afterKey = '', more = true; more;) {
    const page = await sessions.list({ where: { mob_id: mobId, open: 1 }, afterKey });
    for (const { key, data, version } of page.records) {
      if (owned.has(key)) continue;
      await sessions.put(key, archivedRecord(data, clock.now()), { expectedVersion: version });
      orphans.push(key);
    }
    afterKey = page.records.at(-1)?.key ?? afterKey;
    ({ more } = page);
  }
  return orphans;
}
