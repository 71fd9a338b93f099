import { errorText } from '@mobkit/core';

import type { StreamedEvent } from './agent-streams.js';

const texts = new WeakMap<StreamedEvent, string>();

/**
 * The payload of an event as JSON text: made once for an event, however many clients it goes to, since all readers of
 * live events are given the same object.
 */
export function payloadJson(event: StreamedEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = toJson(event.event.payload ?? null);
  texts.set(event, text);
  return text;
}

/** A payload and its JSON. */
export interface SerialisedPayload {
  /** As given; where that has no JSON, `{ type, unserialisable }` with the same type and why it has none. */
  readonly payload: unknown;
  readonly json: string;
  /** Why what was given could not be serialised. */
  readonly failure?: string;
}

/** Serialises what an engine tells, which may carry anything: a model of somebody else gave it. Never throws. */
export function serialisePayload(payload: unknown, type: string): SerialisedPayload {
  try {
    return { payload, json: toJson(payload) };
  } catch (error) {
    const failure = errorText(error);
    const marker = { type, unserialisable: failure };
    return { payload: marker, json: toJson(marker), failure };
  }
}

/** Keeps the JSON that was made of a payload before its event was. */
export function keepPayloadJson(event: StreamedEvent, json: string): void {
  texts.set(event, json);
}

function toJson(payload: unknown): string {
  const text = JSON.stringify(payload) as string | undefined;
  if (text === undefined) throw new TypeError('The payload has no JSON');
  return text;
}
