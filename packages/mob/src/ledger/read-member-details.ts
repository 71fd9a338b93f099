import { isMobError, MobError, type Storage } from '@mobkit/core';
import type { MemberDetails } from '@mobkit/core/mob';

import { effectiveProfile } from '../members/effective-profile.js';
import { inputsDefinition, parseInput } from '../members/input.js';
import { listInputs } from '../members/list-inputs.js';
import { restoreSession } from '../members/restore-session.js';
import { sessionsDefinition, transcriptDefinition } from '../members/session.js';
import { toDetails } from '../members/to-details.js';
import { ledgerDefinition } from './ledger-definition.js';
import { readLedger } from './read-ledger.js';
import { mobIds } from './read-roster.js';
import type { RosterMember } from './roster.js';
import { toSnapshot } from './to-snapshot.js';

/**
 * What is kept of the members of that identity, one for each mob in the storage that has one, without an engine. None of them
 * runs, and nobody knows how their last runs ended. Writes nothing but what `prepare` does.
 *
 * @throws as `readRoster`.
 */
export async function readMemberDetails(
  storage: Storage,
  identity: string,
): Promise<readonly MemberDetails[]> {
  await storage.prepare([ledgerDefinition, sessionsDefinition, transcriptDefinition, inputsDefinition]);
  const found: MemberDetails[] = [];
  for (const mobId of await mobIds(storage)) {
    const { roster } = await readLedger(mobId, storage.log(ledgerDefinition, mobId));
    const entry = roster.members.get(identity);
    if (!entry) continue;
    const restored = await sessionOf(storage, mobId, entry);
    const session = restored instanceof MobError ? undefined : restored;
    const status = session ? 'active' : 'broken';
    const error = restored instanceof MobError ? restored.message : undefined;
    found.push(
      toDetails(toSnapshot(entry, { status, error }), {
        profile: roster.definition && effectiveProfile(roster.definition, entry.role, session?.record),
        session,
        running: false,
        waiting: await countWaiting(storage, mobId, entry),
      }),
    );
  }
  return found;
}

async function sessionOf(storage: Storage, mobId: string, entry: RosterMember) {
  try {
    return await restoreSession(storage, mobId, entry);
  } catch (error) {
    if (isMobError(error, 'MOB_MEMBER_BROKEN')) return error;
    throw error;
  }
}

async function countWaiting(
  storage: Storage,
  mobId: string,
  { identity, generation }: RosterMember,
): Promise<number> {
  let waiting = 0;
  for await (const record of listInputs(storage, { mob_id: mobId, identity })) {
    const input = parseInput(record);
    if (input.generation === generation && input.startedBy === undefined) waiting += 1;
  }
  return waiting;
}
