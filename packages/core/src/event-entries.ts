import { checkEntry } from './check-arguments.js';
import type { LogDefinition, Where } from './definition.js';
import type { EventQuery, NewEvent, PersistedEvent } from './event-log.js';
import type { LogQuery, NewEntry, StoredEntry } from './ordered-log.js';
import type { UnifiedEvent } from './unified-event.js';

/** What logs of events can be filtered by. */
export const eventFields = {
  event_type: 'text',
  member_id: 'text',
  identity: 'text',
  mob_id: 'text',
  run_id: 'text',
  step_id: 'text',
} as const satisfies LogDefinition['fields'];

/** Where a `Storage` keeps operational events. */
export const eventLogDefinition = {
  kind: 'log',
  name: 'event_log',
  fields: eventFields,
} as const satisfies LogDefinition;

/**
 * Refuses an event that no `Storage` can keep: one that is not JSON-serialisable, or whose id, fields or time break the
 * rules for entries.
 *
 * @throws TypeError naming the event and the field, and what a `toJSON` in the payload throws.
 */
export function checkEvent(event: NewEvent): void {
  entryOfEvent(event);
}

/**
 * The entry of `eventLogDefinition` that an event is kept as, for a store that appends it in a transaction of its own.
 *
 * @throws TypeError as `checkEvent` does.
 */
export function entryOfEvent(event: NewEvent): NewEntry {
  const entry = toEntry(event);
  checkEntry(eventLogDefinition, entry);
  return entry;
}

export function toEntry({ id, timestampMs, ...kept }: NewEvent): NewEntry {
  const { event } = kept;
  if (event === null || typeof event !== 'object') {
    throw new TypeError(`event of event "${id}" is not an object: ${String(event)}`);
  }
  return {
    id,
    timestampMs,
    fields: {
      event_type: event.eventType,
      member_id: kept.memberId,
      identity: kept.identity,
      mob_id: kept.mobId,
      run_id: kept.runId,
      step_id: kept.stepId,
    },
    data: toJson(id, kept),
  };
}

export function toEvent({ id, timestampMs, seq, data }: StoredEntry): PersistedEvent {
  const about = JSON.parse(data) as Omit<NewEvent, 'timestampMs' | 'id'> & {
    id?: string;
    event: UnifiedEvent;
  };
  // Into what was just parsed and is nobody else's: another copy is a tenth of the cost of a page. An archived event has its id
  // in the data.
  return Object.assign(about, { id: about.id ?? id, seq, timestampMs });
}

/**
 * What a query of events asks of a log by `eventLogDefinition`; `checkQuery` checks the rest.
 *
 * @throws TypeError for a field that no query of events has.
 */
export function toLogQuery({
  memberId,
  identity,
  mobId,
  runId,
  stepId,
  eventTypes,
  ...rest
}: EventQuery): LogQuery {
  for (const field of Object.keys(rest)) {
    if (!BOUNDS.has(field)) throw new TypeError(`A query of events has no field "${field}"`);
  }
  const where: Where = {
    event_type: eventTypes?.length ? eventTypes : undefined,
    identity,
    mob_id: mobId,
    run_id: runId,
    step_id: stepId,
  };
  if (memberId === undefined) return { ...rest, where };
  return { ...rest, where: { ...where, [hasGeneration(memberId) ? 'member_id' : 'identity']: memberId } };
}

const BOUNDS = new Set(['afterSeq', 'sinceMs', 'untilMs', 'limit']);

function hasGeneration(memberId: string): boolean {
  return /:\d+$/.test(memberId);
}

function toJson(id: string, kept: Omit<NewEvent, 'id' | 'timestampMs'>): string {
  const { event } = kept;
  // JSON would leave it out, and a reader find no payload where there was to be one.
  if ('payload' in event && event.payload === undefined) {
    throw new TypeError(`payload of event "${id}" is undefined: leave it out, or give null`);
  }
  try {
    return JSON.stringify(kept);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`payload of event "${id}" is not JSON: ${why}`, { cause });
  }
}
