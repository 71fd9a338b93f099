import { checkText, isMobError } from '@mobkit/core';
import { checkContent, type Content, type HandlingMode, type SendReceipt } from '@mobkit/core/mob';

import type { Input } from '../members/input.js';
import type { Member } from '../members/member.js';
import type { MobContext } from './mob-context.js';

/** What somebody says to a member. */
type Message = Required<Pick<Input, 'kind' | 'interactionId' | 'from' | 'content'>> &
  Pick<Input, 'about' | 'handlingMode'>;

/** A message that is kept. */
export interface Delivered extends SendReceipt {
  /** Of its input. */
  readonly id: string;
}

/** Ends the line `[message from …]` that an agent reads, or begins another. */
const BREAKS_LINE = /[\]\p{Cc}\p{Zl}\p{Zp}]/u;

/** @throws TypeError for what nobody says, and for a sender, an interaction id or a handling mode that is not one. */
export function checkMessage(message: {
  readonly content: Content;
  readonly from: string;
  readonly interactionId: string;
  readonly handlingMode?: HandlingMode;
}): void {
  checkContent('content', message.content);
  checkText('interactionId', message.interactionId);
  checkHeading('from', message.from);
  checkHandlingMode('handlingMode', message.handlingMode);
}

/** @throws TypeError for what cannot stand in the line that names a message. */
export function checkHeading(name: string, text: unknown): asserts text is string {
  checkText(name, text);
  if (BREAKS_LINE.test(text as string)) {
    throw new TypeError(`${name} has a control character, a line break or "]": agents read it in one line`);
  }
}

export function checkHandlingMode(name: string, mode: unknown): asserts mode is HandlingMode | undefined {
  if (!['queue', 'steer', undefined].includes(mode as string | undefined))
    throw new TypeError(`${name} is neither "queue" nor "steer"`);
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
  { kind, interactionId, from, content, about, handlingMode = 'queue' }: Message,
): Promise<Delivered> {
  const { ledger, newId, clock, stepDown } = context;
  // It may say that the member is gone. Without a doubt nothing is waited for, so that messages keep their order.
  if (ledger.inDoubt) await ledger.settle();
  const member = find();
  member.expectWhole();
  const { identity, generation, sessionId, kickoff = '' } = member.entry;
  // What it is about to be told first is not to be interrupted.
  const steers = handlingMode === 'steer' && !['pending', 'starting'].includes(kickoff);
  const mode = steers ? ({ handlingMode: 'steer' } as const) : {};
  const id = newId();
  try {
    const said = { kind, interactionId, from, content, ...(about && { about }) };
    await member.inbox.accept({ id, generation, ...said, ...mode, acceptedAtMs: clock.now() });
  } catch (error) {
    if (isMobError(error, 'MOB_CONFLICT')) stepDown(error);
    throw error;
  }
  member.wake();
  return { id, identity, sessionId, interactionId, handlingMode: steers ? 'steer' : 'queue' };
}
