import { MobError } from './errors.js';
import type { PersistedEvent } from './event-log.js';

/**
 * Refuses events that no archive can take.
 *
 * @throws TypeError for a number that is none, and for a hole among them.
 */
export function checkArchivedEvents(events: readonly PersistedEvent[]): void {
  let before: number | undefined;
  for (const { seq } of events) {
    if (!Number.isSafeInteger(seq) || seq < 1) throw new TypeError(`seq of an event is no cursor: ${seq}`);
    if (before !== undefined && seq !== before + 1) {
      throw new TypeError(`Events to archive have a hole between ${before} and ${seq}`);
    }
    before = seq;
  }
}

/**
 * Of checked events those that an archive does not hold yet.
 *
 * @param lastSeq - Where it ends; 0 when it never held anything, and then they may begin anywhere.
 * @throws MobError `MOB_CONFLICT` when events between it and them are missing.
 */
export function eventsAfter(events: readonly PersistedEvent[], lastSeq: number): readonly PersistedEvent[] {
  const [begin] = events;
  const fresh = begin && begin.seq <= lastSeq ? events.slice(lastSeq + 1 - begin.seq) : events;
  const [first] = fresh;
  if (!first || lastSeq === 0 || first.seq === lastSeq + 1) return fresh;
  const message = `The archive ends at ${lastSeq} and is given events from ${first.seq}: those between are missing`;
  throw new MobError('MOB_CONFLICT', message, { details: { lastSeq, firstSeq: first.seq } });
}
