import type { RecordsDefinition, Storage, StoredRecord } from '@mobkit/core';

import { sessionsDefinition, transcriptDefinition } from '../members/session.js';
import { mobRecords } from './mob-storage.js';

/**
 * Removes everything that is kept of a mob but its ledger: messages, runs, state, sessions and what was said in them. May be
 * called again after it failed; it goes on where it was. @throws what the storage throws.
 */
export async function clearMobStorage(storage: Storage, mobId: string): Promise<void> {
  for (const records of mobRecords) {
    for await (const page of pagesOf(storage, records, mobId)) {
      // Before their records, which name them.
      if (records.name === sessionsDefinition.name) await pruneTranscripts(storage, page);
      await storage.commit({ deletes: page.map(({ key }) => ({ records, key })) });
    }
  }
}

async function* pagesOf(
  storage: Storage,
  definition: RecordsDefinition,
  mobId: string,
): AsyncGenerator<readonly StoredRecord[], void, undefined> {
  for (let afterKey = '', more = true; more;) {
    const page = await storage.records(definition).list({ where: { mob_id: mobId }, afterKey });
    if (page.records.length > 0) yield page.records;
    afterKey = page.records.at(-1)?.key ?? afterKey;
    ({ more } = page);
  }
}

async function pruneTranscripts(storage: Storage, sessions: readonly StoredRecord[]): Promise<void> {
  for (const { key } of sessions) await storage.log(transcriptDefinition, key).prune({ keep: 0 });
}
