import { isMobError, type MobError, type StoredRecord } from '@mobkit/core';
import type { LostTurn } from '@mobkit/core/mob';

import type { RosterMember } from '../ledger/roster.js';
import { type Input, inputsDefinition, parseInput } from '../members/input.js';
import { kickoffItem } from '../members/kickoff-item.js';
import { restoreSession } from '../members/restore-session.js';
import type { Session } from '../members/session.js';
import type { Mob } from './mob.js';
import type { MobContext } from './mob-context.js';

/** A message whose run had begun and not ended. */
interface LostInput {
  readonly entry: RosterMember;
  readonly input: Input;
  readonly record: StoredRecord;
}

export interface RestoredMembers {
  readonly lost: readonly LostInput[];
  readonly warnings: readonly string[];
}

/**
 * Gives every member of the ledger its session and its waiting messages back. Changes nothing but messages of members
 * that are gone, which it removes. @throws what the storage throws.
 */
export async function restoreMembers(context: MobContext, mob: Mob): Promise<RestoredMembers> {
  const { storage, mobId, ledger } = context;
  const entries = [...ledger.roster.members.values()];
  const sessions = await Promise.all(entries.map((entry) => sessionOrError(context, entry)));
  const members = new Map(
    entries.map(({ identity }, at) => [identity, mob.adopt(identity, sessions[at] as Session | MobError)]),
  );
  const lost: LostInput[] = [];
  const warnings: string[] = [];
  const inputs = storage.records(inputsDefinition);
  for (let afterKey = '', more = true; more;) {
    const page = await inputs.list({ where: { mob_id: mobId }, afterKey });
    for (const record of page.records) {
      const member = members.get(String(record.fields['identity']));
      const input = parseInput(record);
      if (!member) {
        await inputs.delete(record.key, { expectedVersion: record.version });
        warnings.push(
          `Removed a message to "${String(record.fields['identity'])}", who is not a member any more`,
        );
      } else if (input.startedBy === undefined) member.inbox.hold(record.key, input, record.version);
      else lost.push({ entry: member.entry, input, record });
    }
    afterKey = page.records.at(-1)?.key ?? afterKey;
    ({ more } = page);
  }
  return { lost, warnings };
}

/** Removes messages whose runs were lost, and tells of each: they are not run again. @throws what the storage throws. */
export async function reportLostTurns(context: MobContext, lost: readonly LostInput[]): Promise<LostTurn[]> {
  const { storage, ledger, clock, feed, onError } = context;
  const turns: LostTurn[] = [];
  for (const { entry, input, record } of lost) {
    const { identity, sessionId, generation } = entry;
    const { interactionId } = input;
    const error = 'The process that worked on it ended before the run did; it is not run again';
    const deletes = [{ records: inputsDefinition, key: record.key, expectedVersion: record.version }];
    if (input.kind !== 'kickoff') await storage.commit({ deletes });
    else
      await ledger.append({
        items: [kickoffItem(identity, 'failed', clock.now(), error)],
        beside: { deletes },
      });
    feed.emit(entry, interactionId, {
      type: 'run_failed',
      session_id: sessionId,
      error_class: 'internal',
      error,
      terminal_cause_kind: 'fatal_failure',
    });
    const excerpt = input.content.slice(0, 120);
    onError({ category: 'turn_lost', memberId: `${identity}:${generation}`, error: `${error}: ${excerpt}` });
    turns.push({ identity, interactionId, excerpt });
  }
  return turns;
}

async function sessionOrError(context: MobContext, entry: RosterMember): Promise<Session | MobError> {
  try {
    return await restoreSession(context.storage, context.mobId, entry);
  } catch (error) {
    if (isMobError(error, 'MOB_MEMBER_BROKEN')) return error;
    throw error;
  }
}
