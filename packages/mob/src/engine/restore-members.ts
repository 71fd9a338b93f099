import { errorText, isMobError, MobError, type StoredRecord } from '@mobkit/core';
import { type AgentTool, formatIncarnation, type Incarnation, type LostTurn, textOf } from '@mobkit/core/mob';

import type { RosterMember } from '../ledger/roster.js';
import { endInteractions } from '../members/end-interactions.js';
import { settleInputs } from '../members/gated-turns.js';
import { type Input, inputsDefinition, parseInput } from '../members/input.js';
import { kickoffItem } from '../members/kickoff-item.js';
import { listInputs } from '../members/list-inputs.js';
import { restoreSession } from '../members/restore-session.js';
import { settingsOf, withoutSettings } from '../members/member-settings.js';
import type { Member } from '../members/member.js';
import { Session } from '../members/session.js';
import { allDone } from './all-done.js';
import type { Mob } from './mob.js';
import type { MobContext } from './mob-context.js';
import { customizeSpawn } from './roster/customize-spawn.js';
import { inChunks } from './roster/in-chunks.js';
import { specToRepeat } from './roster/respawn.js';

/** A message whose run had begun and not ended. */
interface LostInput {
  readonly incarnation: Incarnation;
  /** Absent when that incarnation is gone. */
  readonly entry?: RosterMember;
  readonly input: Input;
  readonly record: StoredRecord;
  /** Messages of its finished steps, which are kept. */
  readonly keptMessages: number;
}

export interface RestoredMembers {
  readonly lost: readonly LostInput[];
  readonly warnings: readonly string[];
}

/**
 * Gives every member of the ledger its session and its waiting messages back. Changes nothing but messages of incarnations
 * that are gone, which it removes, with what those asked the gate. @throws what the storage throws.
 */
export async function restoreMembers(context: MobContext, mob: Mob): Promise<RestoredMembers> {
  const { storage, mobId, ledger } = context;
  const entries = [...ledger.roster.members.values()];
  const members = new Map<string, Member>();
  for (const chunk of inChunks(entries)) {
    const restored = await allDone(chunk.map((entry) => restoreMember(context, entry)));
    for (const { identity, session, tools } of restored)
      members.set(identity, mob.adopt(identity, session, tools));
  }
  const lost: LostInput[] = [];
  const warnings: string[] = [];
  for await (const record of listInputs(storage, { mob_id: mobId })) {
    const input = parseInput(record);
    const identity = String(record.fields['identity']);
    const incarnation = { identity, generation: input.generation };
    const member = members.get(identity);
    // One that waits for somebody goes on, but for a requested turn: nobody waits for that any more.
    const goesOn = input.parked !== undefined && input.kind !== 'internal';
    const begun = input.startedBy !== undefined && !goesOn;
    if (member?.entry.generation === input.generation) {
      const open = member.session?.record.open_run;
      const keptMessages = open?.id === input.id ? open.messages : 0;
      if (begun) lost.push({ incarnation, entry: member.entry, input, record, keptMessages });
      else member.inbox.hold(record.key, input, record.version);
      continue;
    }
    warnings.push(`Removed a message to "${formatIncarnation(incarnation)}", who is not a member any more`);
    if (begun) lost.push({ incarnation, input, record, keptMessages: 0 });
    else {
      await storage.records(inputsDefinition).delete(record.key, { expectedVersion: record.version });
      await settleInputs(context, [input]);
    }
  }
  return { lost, warnings };
}

/** Removes messages whose runs were lost, and tells of each: they are not run again. @throws what the storage throws. */
export async function reportLostTurns(context: MobContext, lost: readonly LostInput[]): Promise<LostTurn[]> {
  const { storage, ledger, clock, feed, onError } = context;
  const turns: LostTurn[] = [];
  for (const { incarnation, entry, input, record, keptMessages } of lost) {
    const { interactionId } = input;
    const finished = keptMessages > 0 ? `its finished steps are kept (${keptMessages} messages), ` : '';
    const error = `The process that worked on it ended before the run did; ${finished}it is not run again`;
    const deletes = [{ records: inputsDefinition, key: record.key, expectedVersion: record.version }];
    // The ledger knows of first turns only while it knows the member.
    if (input.kind !== 'kickoff' || !entry) await storage.commit({ deletes });
    else
      await ledger.append({
        items: [kickoffItem(entry.identity, 'failed', clock.now(), error)],
        beside: { deletes },
      });
    if (entry) {
      feed.emit(entry, interactionId, {
        type: 'run_failed',
        session_id: entry.sessionId,
        error_class: 'internal',
        error,
        terminal_cause_kind: 'fatal_failure',
      });
      endInteractions(feed, entry, [input], error);
    }
    await settleInputs(context, [input]);
    const excerpt = textOf(input.content).slice(0, 120);
    const memberId = formatIncarnation(incarnation);
    onError({ category: 'turn_lost', memberId, error: `${error}: ${excerpt}` });
    turns.push({ ...incarnation, interactionId, excerpt });
  }
  return turns;
}

/** What goes on with a member, or why it is broken. */
interface RestoredMember {
  readonly identity: string;
  readonly session: Session | MobError;
  readonly tools?: readonly AgentTool[];
}

async function restoreMember(context: MobContext, entry: RosterMember): Promise<RestoredMember> {
  const { identity, sessionId } = entry;
  const { storage, mobId, customizeSpawn: customizer } = context;
  try {
    const session = await restoreSession(storage, mobId, entry);
    const kept = await specToRepeat(context, { entry, session, tools: [] });
    const spec = customizeSpawn(customizer, kept, 'resume');
    if (spec === kept) return { identity, session };
    const { additionalInstructions: additional_instructions = [], tools = [] } = spec;
    const { record, messages } = session;
    const used = { ...withoutSettings(record), ...settingsOf(spec), additional_instructions };
    return { identity, session: new Session(sessionId, used, messages), tools };
  } catch (error) {
    if (isMobError(error, 'MOB_MEMBER_BROKEN')) return { identity, session: error };
    if (isMobError(error)) throw error;
    // The host's customizer: a member that it cannot make ready must not keep the others from working.
    const message = `"${identity}" could not be made ready by the spawn customizer: ${errorText(error)}`;
    const broken = new MobError('MOB_MEMBER_BROKEN', message, { cause: error, details: { identity } });
    return { identity, session: broken };
  }
}
