import { MobError } from '@mobkit/core';
import type { HelperResult, HelperSpec } from '@mobkit/core/mob';

import type { Crew } from './crew.js';

const MAX_TEXT_BYTES = 4096;
const CUT = '\n[truncated]';

/**
 * Lets a helper that was spawned do its task.
 *
 * @throws MobError `MOB_RUN_FAILED`; as `Member.requestTurn`.
 */
export async function doTask(
  crew: Crew,
  { identity, task, maxTextBytes }: HelperSpec,
): Promise<HelperResult> {
  const member = crew.expectMember(identity);
  const turn = await member.requestTurn({ content: task, interactionId: crew.context.newId() });
  const end = await turn.ended;
  if (end.type === 'run_failed') {
    const message = `The task of "${identity}" failed: ${end.error}`;
    throw new MobError('MOB_RUN_FAILED', message, { details: { identity, errorClass: end.error_class } });
  }
  return { identity, ...cutText(end.result, maxTextBytes ?? MAX_TEXT_BYTES) };
}

/** @throws TypeError for what is no task, before anything has happened. */
export function checkHelper({ task, maxTextBytes = MAX_TEXT_BYTES }: HelperSpec): void {
  if (typeof task !== 'string' || task.trim() === '') throw new TypeError('task is text, not blank');
  if (!Number.isSafeInteger(maxTextBytes) || maxTextBytes < 1) {
    throw new TypeError(`maxTextBytes is not a whole number from 1: ${maxTextBytes}`);
  }
}

/** At most so many bytes of the text, without a torn character at the end, then what says that there was more. */
function cutText(text: string, maxBytes: number): { readonly text: string; readonly truncated: boolean } {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return { text, truncated: false };
  let end = maxBytes;
  while (((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1;
  return { text: new TextDecoder().decode(bytes.subarray(0, end)) + CUT, truncated: true };
}
