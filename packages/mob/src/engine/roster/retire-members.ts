import { isMobError } from '@mobkit/core';

import type { Member } from '../../members/member.js';
import type { MobContext } from '../mob-context.js';
import { inChunks } from './in-chunks.js';
import { removeMembers } from './remove-members.js';

export interface RetireFailure {
  readonly identity: string;
  readonly error: Error;
}

/**
 * Stops members side by side, then keeps that they are gone, many in one commit. Part of a command.
 *
 * @param removed - Called with each that is gone.
 * @returns who is still there, and why.
 */
export async function retireMembers(
  context: MobContext,
  members: readonly Member[],
  removed: (member: Member) => void,
): Promise<readonly RetireFailure[]> {
  await Promise.all(members.map((member) => member.retire()));
  const failures: RetireFailure[] = [];
  for (const chunk of inChunks(members)) failures.push(...(await removeChunk(context, chunk, removed)));
  return failures;
}

async function removeChunk(
  context: MobContext,
  members: readonly Member[],
  removed: (member: Member) => void,
): Promise<readonly RetireFailure[]> {
  try {
    await removeMembers(context, members, removed);
    return [];
  } catch (given) {
    const error = given instanceof Error ? given : new Error(String(given));
    if (!concernsOne(error) || members.length === 1) {
      return members.map(({ entry: { identity } }) => ({ identity, error }));
    }
    const failures: RetireFailure[] = [];
    for (const member of members) {
      await member.retire();
      failures.push(...(await removeChunk(context, [member], removed)));
    }
    return failures;
  }
}

/** Whether what keeps many from being written together may be about one of them: then each is written alone. */
export function concernsOne(error: unknown): boolean {
  return !isMobError(error) || (!error.retryable && error.code !== 'MOB_CONFLICT');
}
