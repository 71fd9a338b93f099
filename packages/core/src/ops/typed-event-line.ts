import { errorText } from '../error-text.js';
import { MobError } from '../errors.js';
import { type EventEnvelope, parseEventLine } from './event-envelope.js';

/** Which event of a module is expected, and how its payload is read. */
export interface ExpectedModuleEvent<T> {
  readonly eventType: string;
  /** Reads the payload. Throws when it is not what was meant. */
  readonly decode: (payload: unknown) => T;
}

/** An event whose payload was read. */
export type TypedEventEnvelope<T> = Omit<EventEnvelope, 'event'> & {
  /** The id of the module. */
  readonly module: string;
  readonly payload: T;
};

/**
 * Reads one line as `parseEventLine` does, and its payload as the one event that is expected of a module.
 *
 * @throws MobError `MOB_EVENT_INVALID`: as `parseEventLine`; `details.reason` `unexpected_event_kind` for an event of an
 * agent; `unexpected_payload_type` for another type of event (`details.expected`, `details.got`), and for a payload that
 * `decode` throws at, with what it threw as the `cause`.
 */
export function parseTypedEventLine<T>(
  line: string,
  { eventType, decode }: ExpectedModuleEvent<T>,
): TypedEventEnvelope<T> {
  const { event, eventId, timestampMs } = parseEventLine(line);
  if (event.kind !== 'module') {
    throw unexpected('unexpected_event_kind', `an event of an ${event.kind}`, {
      details: { expected: 'module', got: event.kind },
    });
  }
  if (event.eventType !== eventType) {
    throw unexpected('unexpected_payload_type', `an event of type "${event.eventType}"`, {
      details: { expected: eventType, got: event.eventType },
    });
  }
  return { eventId, timestampMs, module: event.module, payload: decoded(event.payload) };

  function decoded(payload: unknown): T {
    try {
      return decode(payload);
    } catch (cause) {
      const what = `a payload of "${eventType}" that cannot be read: ${errorText(cause)}`;
      throw unexpected('unexpected_payload_type', what, { cause, details: { expected: eventType } });
    }
  }
}

function unexpected(
  reason: 'unexpected_event_kind' | 'unexpected_payload_type',
  what: string,
  { details, cause }: { readonly details: object; readonly cause?: unknown },
): MobError {
  return new MobError('MOB_EVENT_INVALID', `Not the event that was expected: ${what}`, {
    ...(cause !== undefined && { cause }),
    details: { reason, ...details },
  });
}
