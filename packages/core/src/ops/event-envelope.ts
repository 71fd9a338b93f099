import { MobError } from '../errors.js';
import { errorText } from '../error-text.js';
import { isRecord } from '../is-record.js';
import type { UnifiedEvent } from '../unified-event.js';

/** An event with where it is from, as it crosses a process boundary. */
export interface EventEnvelope {
  readonly eventId: string;
  /** Unix time in whole milliseconds, of the source. */
  readonly timestampMs: number;
  readonly event: UnifiedEvent;
}

/** `details.reason` of `MOB_EVENT_INVALID`; `details.field` is the field, where it is about one. */
export type EventProblem =
  | 'invalid_json'
  | 'invalid_schema'
  | 'missing_field'
  | 'invalid_field_type'
  /** The event is not of the source that sends it: `details.expected`, `details.got`. */
  | 'source_mismatch';

/**
 * Reads one line of JSON: an envelope (`event_id`, `source`, `timestamp_ms`, `event`) or its older flat form, in which the
 * fields of the event stand beside them.
 *
 * @throws MobError `MOB_EVENT_INVALID` (`details.reason`: an `EventProblem`).
 */
export function parseEventLine(line: string): EventEnvelope {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid('invalid_json', `not JSON: ${errorText(cause)}`, {}, cause);
  }
  return normalizeEnvelope(value);
}

/** As `parseEventLine`, of what is parsed already. */
export function normalizeEnvelope(value: unknown): EventEnvelope {
  if (!isRecord(value)) throw invalid('invalid_schema', 'not an object');
  const eventId = text(value, 'event_id');
  const source = text(value, 'source');
  const timestampMs = value['timestamp_ms'];
  if (timestampMs === undefined) throw missing('timestamp_ms');
  if (!Number.isSafeInteger(timestampMs) || (timestampMs as number) < 0) throw wrongType('timestamp_ms');
  const event = 'event' in value ? tagged(value['event']) : flat(value);
  if (source !== event.kind) {
    const details = { expected: event.kind, got: source };
    throw invalid('source_mismatch', `an event of kind "${event.kind}" from source "${source}"`, details);
  }
  return { eventId, timestampMs: timestampMs as number, event };
}

/** Writes an envelope as one line without its line break: what `parseEventLine` reads as the same. */
export function formatEventLine({ eventId, timestampMs, event }: EventEnvelope): string {
  const { kind, eventType: event_type, payload } = event;
  const who = kind === 'agent' ? { agent_id: event.agentId } : { module: event.module };
  return JSON.stringify({
    event_id: eventId,
    source: kind,
    timestamp_ms: timestampMs,
    event: { kind, ...who, event_type, ...(payload !== undefined && { payload }) },
  });
}

type Fields = Readonly<Record<string, unknown>>;

function tagged(event: unknown): UnifiedEvent {
  if (!isRecord(event)) throw wrongType('event');
  const kind = text(event, 'kind');
  if (kind === 'agent') return agentEvent(event);
  if (kind === 'module') return moduleEvent(event);
  throw invalid('invalid_schema', `an event of the unknown kind "${kind}"`, { field: 'kind' });
}

function flat(value: Fields): UnifiedEvent {
  if ('module' in value) return moduleEvent(value);
  if ('agent_id' in value) return agentEvent(value);
  throw missing('event');
}

function agentEvent(fields: Fields): UnifiedEvent {
  const payload = fields['payload'];
  return {
    kind: 'agent',
    agentId: text(fields, 'agent_id'),
    eventType: text(fields, 'event_type'),
    ...(payload !== undefined && { payload }),
  };
}

function moduleEvent(fields: Fields): UnifiedEvent {
  if (fields['payload'] === undefined) throw missing('payload');
  return {
    kind: 'module',
    module: text(fields, 'module'),
    eventType: text(fields, 'event_type'),
    payload: fields['payload'],
  };
}

function text(fields: Fields, field: string): string {
  const value = fields[field];
  if (value === undefined) throw missing(field);
  if (typeof value !== 'string') throw wrongType(field);
  return value;
}

function missing(field: string): MobError {
  return invalid('missing_field', `${field} is missing`, { field });
}

function wrongType(field: string): MobError {
  return invalid('invalid_field_type', `${field} is of the wrong type`, { field });
}

function invalid(reason: EventProblem, what: string, details: Fields = {}, cause?: unknown): MobError {
  return new MobError('MOB_EVENT_INVALID', `Not an event: ${what}`, {
    cause,
    details: { reason, ...details },
  });
}
