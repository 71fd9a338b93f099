import { isMobError, type NewEvent } from '@mobkit/core';

/**
 * Whether an append failed because of what was in it, so that fewer events may pass. Everything else, also a refusal
 * without a retry (a rotated password, a read-only server), says nothing about the events, and they are kept.
 */
export function refusesData(error: unknown, events: readonly NewEvent[]): boolean {
  if (isMobError(error)) return error.code === 'MOB_STORE_REFUSED' && error.details['reason'] === 'data';
  // The serialiser throws whatever a `toJSON` does, and `RangeError` for what is too deep.
  return error instanceof TypeError || events.some((event) => !serialisable(event));
}

function serialisable(event: NewEvent): boolean {
  try {
    return JSON.stringify(event) !== undefined;
  } catch {
    return false;
  }
}
