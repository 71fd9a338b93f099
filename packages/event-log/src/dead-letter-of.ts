import { inspect } from 'node:util';

import { type DeadLetter, deadLetterKey } from '@mobkit/core';

/** Characters of an event kept in its letter. */
const EVENT_CHARACTERS = 64 * 1024;

/** What is known of a refused event. */
export interface Refused {
  readonly event: unknown;
  readonly error: string;
  readonly refusedAtMs: number;
  /** Tells its letter from others of the same millisecond. */
  readonly unique: string;
}

/** The letter of a refused event, whatever it is. */
export function deadLetterOf({ event, error, refusedAtMs, unique }: Refused): DeadLetter {
  const eventId = eventIdOf(event);
  return {
    key: deadLetterKey(refusedAtMs, unique),
    ...(eventId !== undefined && { eventId }),
    refusedAtMs,
    error,
    event: toText(event).slice(0, EVENT_CHARACTERS),
  };
}

/** Its id, if that is text. */
export function eventIdOf(event: unknown): string | undefined {
  const id: unknown = typeof event === 'object' && event !== null && 'id' in event ? event.id : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** As JSON, else as Node shows it to people: what refuses to be JSON has no other form. */
function toText(event: unknown): string {
  try {
    return JSON.stringify(event) ?? String(event);
  } catch {
    return inspect(event, { depth: 8, maxArrayLength: 100, maxStringLength: EVENT_CHARACTERS });
  }
}
