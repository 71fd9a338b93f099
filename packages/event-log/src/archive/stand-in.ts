import type { PersistedEvent } from '@mobkit/core';

const TYPE = 'event_archive.refused';

/** Why and when an archive refused an event. */
export interface Refusal {
  readonly refusedAtMs: number;
  readonly error: string;
}

/** What an archive is given in place of an event that it refuses: a stated hole. Nothing of the event but its id and its time. */
export function standIn({ seq, id, timestampMs }: PersistedEvent, refusal: Refusal): PersistedEvent {
  const { refusedAtMs, error } = refusal;
  const payload = { refused_at_ms: refusedAtMs, error };
  return { seq, id, timestampMs, event: { kind: 'module', module: 'runtime', eventType: TYPE, payload } };
}

/** What a stand-in says; undefined for any other event. */
export function refusalIn({ event }: PersistedEvent): Refusal | undefined {
  if (event.kind !== 'module' || event.module !== 'runtime' || event.eventType !== TYPE) return undefined;
  const { refused_at_ms: refusedAtMs, error } = event.payload as Record<string, unknown>;
  return typeof refusedAtMs === 'number' ? { refusedAtMs, error: String(error) } : undefined;
}
