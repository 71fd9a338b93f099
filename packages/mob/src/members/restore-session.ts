import { MobError, type Storage, type StoredRecord } from '@mobkit/core';
import type { LlmMessage } from '@mobkit/core/mob';

import type { RosterMember } from '../ledger/roster.js';
import { Session, type SessionRecord, sessionsDefinition, transcriptDefinition } from './session.js';

/**
 * Opens the session of a member from storage.
 *
 * @throws MobError `MOB_MEMBER_BROKEN` when it is missing, belongs to somebody else, or contradicts its transcript.
 */
export async function restoreSession(
  storage: Storage,
  mobId: string,
  member: Pick<RosterMember, 'identity' | 'generation' | 'sessionId'>,
): Promise<Session> {
  const { identity, generation, sessionId } = member;
  const broken = (why: string, cause?: unknown) =>
    new MobError('MOB_MEMBER_BROKEN', `The session of "${identity}" cannot be restored: ${why}`, {
      ...(cause !== undefined && { cause }),
      details: { identity, sessionId },
    });
  const kept = await storage.records(sessionsDefinition).get(sessionId);
  if (!kept) throw broken(`there is no session ${sessionId}`);
  const record = parseSessionRecord(kept, broken);
  if (record.mob_id !== mobId || record.identity !== identity || record.generation !== generation) {
    throw broken(
      `session ${sessionId} is of ${record.identity}:${record.generation} in mob "${record.mob_id}"`,
    );
  }
  const messages: LlmMessage[] = [];
  const log = storage.log(transcriptDefinition, sessionId);
  for (let afterSeq = 0, more = true; more;) {
    const page = await log.read({ afterSeq });
    messages.push(...page.entries.map(({ data }) => parse(data, broken) as LlmMessage));
    ({ scannedTo: afterSeq, more } = page);
  }
  if (messages.length !== record.messages) {
    throw broken(`its transcript has ${messages.length} messages instead of ${record.messages}`);
  }
  return new Session(sessionId, record, messages);
}

/** @throws what `broken` makes. */
export function parseSessionRecord(
  { data }: StoredRecord,
  broken: (why: string, cause?: unknown) => MobError,
): SessionRecord {
  const record = parse(data, broken);
  if (typeof record !== 'object' || record === null) throw broken('what is kept is no session');
  return record as SessionRecord;
}

function parse(data: string, broken: (why: string, cause?: unknown) => MobError): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw broken('what is kept is not JSON', cause);
  }
}
