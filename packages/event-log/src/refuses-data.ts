import { checkEvent, isMobError, type NewEvent } from '@mobkit/core';

/**
 * Whether an append failed because of what was in it, so that fewer events may pass. Everything else, also a refusal
 * without a retry (a rotated password, a read-only server), says nothing about the events, and they are kept.
 */
export function refusesData(error: unknown, events: readonly NewEvent[]): boolean {
  if (isMobError(error)) return error.code === 'MOB_STORE_REFUSED' && error.details['reason'] === 'data';
  // Stores refuse arguments with it, but it may as well say `fetch failed`, or that the store is closed: so look.
  const check = error instanceof TypeError ? checkEvent : checkSerialisable;
  return events.some((event) => !passes(check, event));
}

/** The serialiser throws whatever a `toJSON` does, and `RangeError` for what is too deep. */
function checkSerialisable(event: NewEvent): void {
  if (JSON.stringify(event) === undefined) throw new TypeError('The event has no JSON');
}

function passes(check: (event: NewEvent) => void, event: NewEvent): boolean {
  try {
    check(event);
    return true;
  } catch {
    return false;
  }
}
