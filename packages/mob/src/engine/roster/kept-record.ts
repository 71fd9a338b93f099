import { isMobError, MobError } from '@mobkit/core';

import { parseSessionRecord } from '../../members/restore-session.js';
import { type SessionRecord, sessionsDefinition } from '../../members/session.js';
import type { MobContext } from '../mob-context.js';

/** What is kept of a session that cannot be used any more; undefined when not even that can be read. @throws what the storage throws. */
export async function keptRecord(
  { storage }: MobContext,
  sessionId: string,
): Promise<SessionRecord | undefined> {
  const kept = await storage.records(sessionsDefinition).get(sessionId);
  if (!kept) return undefined;
  try {
    return parseSessionRecord(kept, (why) => new MobError('MOB_MEMBER_BROKEN', why));
  } catch (error) {
    if (isMobError(error, 'MOB_MEMBER_BROKEN')) return undefined;
    throw error;
  }
}
