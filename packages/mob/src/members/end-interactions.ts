import type { AgentEventPayload } from '@mobkit/core/mob';

import type { AgentEventFeed } from '../engine/agent-event-feed.js';
import type { RosterMember } from '../ledger/roster.js';
import type { Input } from './input.js';
import type { TurnEnd } from './requested-turn.js';

/**
 * Tells of the messages from outside among these that they are answered, or are not going to be.
 *
 * @param end - How the run about them ended; why there is none, when there is none.
 */
export function endInteractions(
  feed: AgentEventFeed,
  entry: RosterMember,
  inputs: readonly Input[],
  end: TurnEnd | string,
): void {
  for (const { kind, interactionId } of inputs) {
    if (kind === 'message') feed.emit(entry, interactionId, toPayload(interactionId, end));
  }
}

function toPayload(interaction_id: string, end: TurnEnd | string): AgentEventPayload {
  if (typeof end === 'string') return { type: 'interaction_failed', interaction_id, error: end };
  if (end.type === 'run_failed') return { type: 'interaction_failed', interaction_id, error: end.error };
  const { result, structured_output } = end;
  const output = structured_output === undefined ? {} : { structured_output };
  return { type: 'interaction_complete', interaction_id, result, ...output };
}
