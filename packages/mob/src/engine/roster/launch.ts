import { isMobError, MobError } from '@mobkit/core';
import { type LlmMessage, type SpawnMemberSpec, textOf } from '@mobkit/core/mob';

import { parseSessionRecord, restoreSession } from '../../members/restore-session.js';
import { type Session, sessionsDefinition } from '../../members/session.js';
import type { Crew } from './crew.js';

/** What the session of a new member begins with. */
export interface Launch {
  /** It goes on with this one. */
  readonly resumed?: Session;
  /** It begins with these messages. */
  readonly opening?: readonly LlmMessage[];
}

/**
 * Fetches what the launch mode of a spec asks for. Changes nothing.
 *
 * @throws MobError `MOB_SESSION_UNUSABLE`; `MOB_MEMBER_NOT_FOUND` and `MOB_MEMBER_BROKEN` for the source of a fork.
 */
export async function prepareLaunch(crew: Crew, spec: SpawnMemberSpec): Promise<Launch> {
  const { launch } = spec;
  if (launch?.mode === 'resume') return { resumed: await sessionToResume(crew, spec, launch.sessionId) };
  if (launch?.mode !== 'fork') return {};
  const source = crew.expectMember(launch.source);
  source.expectWhole();
  const messages = source.session?.messages ?? [];
  const { history } = launch;
  const taken = history.type === 'last_messages' ? messages.slice(-history.count) : messages;
  if (taken.length === 0) return {};
  const content = `What was said in the session of ${launch.source}:\n\n${taken.map(asText).join('\n')}`;
  return { opening: [{ role: 'user', content }] };
}

async function sessionToResume(
  { context: { storage, mobId } }: Crew,
  { identity, profile }: SpawnMemberSpec,
  sessionId: string,
): Promise<Session> {
  const unusable = (why: string, cause?: unknown) =>
    new MobError('MOB_SESSION_UNUSABLE', `"${identity}" cannot go on with session ${sessionId}: ${why}`, {
      ...(cause !== undefined && { cause }),
      details: { identity, sessionId },
    });
  const kept = await storage.records(sessionsDefinition).get(sessionId);
  if (!kept) throw unusable('there is no such session');
  const record = parseSessionRecord(kept, unusable);
  if (record.mob_id !== mobId || record.identity !== identity) {
    throw unusable(`it is of "${record.identity}" in mob "${record.mob_id}"`);
  }
  if (record.labels['role'] !== profile)
    throw unusable(`its role is "${record.labels['role']}", not "${profile}"`);
  try {
    return await restoreSession(storage, mobId, { identity, generation: record.generation, sessionId });
  } catch (error) {
    throw isMobError(error, 'MOB_MEMBER_BROKEN') ? unusable(error.message, error) : error;
  }
}

function asText(message: LlmMessage): string {
  const said = `${message.role}: ${textOf(message.content)}`;
  if (message.role !== 'assistant') return said;
  const calls = message.toolCalls ?? [];
  return [said, ...calls.map(({ name, args }) => `called ${name}(${JSON.stringify(args)})`)].join('\n');
}
