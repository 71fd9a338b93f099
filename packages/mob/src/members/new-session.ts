import type { AppendWrite, Clock } from '@mobkit/core';
import type { LlmMessage } from '@mobkit/core/mob';

import { standardLabels } from '../agent/comms/standard-labels.js';
import type { MemberSettings } from './member-settings.js';
import { Session, transcriptDefinition } from './session.js';

/** Whose session it is, and what goes with it. */
export interface SessionOwner {
  readonly identity: string;
  readonly generation: number;
  readonly role: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly additionalInstructions?: readonly string[];
  readonly settings: MemberSettings;
}

interface NewSessionDeps {
  readonly mobId: string;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** A session that nothing was said in, but for its opening. */
export function newSession(
  { mobId, clock, newId }: NewSessionDeps,
  owner: SessionOwner,
  opening: readonly LlmMessage[] = [],
): Session {
  const { identity, generation, additionalInstructions = [], settings } = owner;
  const record = {
    mob_id: mobId,
    identity,
    generation,
    labels: standardLabels(mobId, owner),
    additional_instructions: additionalInstructions,
    ...settings,
    messages: opening.length,
    runs: 0,
    usage: { input_tokens: 0, output_tokens: 0 },
    created_at_ms: clock.now(),
  };
  return new Session(newId(), record, opening);
}

/** The session of an earlier incarnation for the next one; what is not given stays as it was. */
export function resumedSession(
  { mobId }: NewSessionDeps,
  { id, record, messages }: Session,
  owner: SessionOwner,
): Session {
  const { archived_at_ms: _, ...kept } = record;
  const { generation, additionalInstructions = kept.additional_instructions, settings } = owner;
  return new Session(
    id,
    {
      ...kept,
      ...settings,
      generation,
      labels: standardLabels(mobId, owner),
      additional_instructions: additionalInstructions,
    },
    messages,
  );
}

/** What keeps the opening of a new session; undefined when it has none. */
export function openingAppend({ id, messages }: Session, timestampMs: number): AppendWrite | undefined {
  if (messages.length === 0) return undefined;
  const entries = messages.map((message, at) => ({
    id: `${id}:opening:${at}`,
    timestampMs,
    fields: { role: message.role },
    data: JSON.stringify(message),
  }));
  return { log: transcriptDefinition, partition: id, entries, expectedLastSeq: 0 };
}
