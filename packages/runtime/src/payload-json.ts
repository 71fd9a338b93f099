import type { StreamedEvent } from './agent-streams.js';

const texts = new WeakMap<StreamedEvent, string>();

/**
 * The payload of an event as JSON text: made once for an event, however many clients it goes to, since all readers of
 * live events are given the same object.
 */
export function payloadJson(event: StreamedEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = JSON.stringify(event.event.payload ?? null);
  texts.set(event, text);
  return text;
}
