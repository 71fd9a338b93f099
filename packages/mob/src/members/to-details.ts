import { type MemberDetails, type MemberSnapshot, type Profile, textOf } from '@mobkit/core/mob';

import type { Session } from './session.js';

/** Characters of what a member said last. */
const PREVIEW_LENGTH = 200;

export interface KnownOfMember extends Pick<MemberDetails, 'running' | 'waiting'> {
  /** The one that counts for it. */
  readonly profile: Profile | undefined;
  /** Absent when it could not be restored. */
  readonly session: Session | undefined;
  /** Why its last run failed. */
  readonly lastError?: string | undefined;
}

export function toDetails(
  snapshot: MemberSnapshot,
  { profile, session, running, waiting, lastError }: KnownOfMember,
): MemberDetails {
  const { messages = [], record } = session ?? {};
  const { input_tokens: input = 0, output_tokens: output = 0 } = record?.usage ?? {};
  const last = messages.findLast(({ role, content }) => role === 'assistant' && textOf(content) !== '');
  return {
    ...snapshot,
    ...(profile && { model: profile.model }),
    running,
    waiting,
    tokensUsed: input + output,
    ...(last && { outputPreview: textOf(last.content).slice(0, PREVIEW_LENGTH) }),
    ...(lastError !== undefined && { lastError }),
  };
}
