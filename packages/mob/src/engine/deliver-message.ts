import { checkText, isMobError } from '@mobkit/core';
import type { SendReceipt } from '@mobkit/core/mob';

import type { Input } from '../members/input.js';
import type { Member } from '../members/member.js';
import type { MobContext } from './mob-context.js';

/** What somebody says to a member. */
export type Message = Required<Pick<Input, 'kind' | 'interactionId' | 'from'>> & {
  readonly content: string;
};

/** Ends the line `[message from …]` that an agent reads, or begins another. */
const BREAKS_LINE = /[\]\p{Cc}\p{Zl}\p{Zp}]/u;

/** @throws TypeError for a message that is blank, or a sender or an interaction id that cannot be one. */
export function checkMessage({ interactionId, from, content }: Message): void {
  if (typeof content !== 'string' || content.trim() === '')
    throw new TypeError('A message is text, not blank');
  checkText('interactionId', interactionId);
  checkText('from', from);
  if (BREAKS_LINE.test(from)) {
    throw new TypeError('from has a control character, a line break or "]": agents read it in one line');
  }
}

/**
 * Keeps a message for a member and lets it work.
 *
 * @param find - Finds the member, or throws why it takes no messages.
 * @throws what `find` throws, and as `MobHandle.send`.
 */
export async function deliverMessage(
  context: MobContext,
  find: () => Member,
  message: Message,
): Promise<SendReceipt> {
  const { ledger, newId, clock, stepDown } = context;
  // It may say that the member is gone. Without a doubt nothing is waited for, so that messages keep their order.
  if (ledger.inDoubt) await ledger.settle();
  const member = find();
  member.expectWhole();
  const { identity, generation, sessionId } = member.entry;
  try {
    await member.inbox.accept({ id: newId(), generation, ...message, acceptedAtMs: clock.now() });
  } catch (error) {
    if (isMobError(error, 'MOB_CONFLICT')) stepDown(error);
    throw error;
  }
  member.wake();
  return { identity, sessionId, interactionId: message.interactionId };
}
