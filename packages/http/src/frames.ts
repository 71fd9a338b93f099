import { payloadJson, type StreamedEvent, type StreamGap, type StructuralEvent } from '@mobkit/runtime';
import { toWireStructuralEvent } from '@mobkit/rpc';

import { formatLedgerId, formatStreamId } from './stream-ids.js';

/** How soon a browser that lost the stream asks again. */
const RETRY_MS = 1_000;

const encoder = new TextEncoder();

export const keepAliveFrame: Uint8Array = encoder.encode(': keep-alive\n\n');

/** Opens a stream: a client sees that it is open, and has an id to come back with before anything happens. */
export function openingFrame(id: string): Uint8Array {
  return encoder.encode(`retry: ${RETRY_MS}\nid: ${id}\n: open\n\n`);
}

/** Says why a stream ends, for whoever reads it raw. */
export function closingFrame(reason: string): Uint8Array {
  return encoder.encode(`: closed, ${line(reason)}\n\n`);
}

/** The frame of an event in the stream of the mob; made once however many clients read it. */
export const mobFrame = once((event: StreamedEvent) => {
  const { epoch, n } = event.stream;
  const about = JSON.stringify({
    event_id: event.id,
    member_id: event.memberId ?? null,
    identity: event.identity,
    source: event.event.kind,
    timestamp_ms: event.timestampMs,
    interaction_id: event.interactionId,
  });
  const data = `${about.slice(0, -1)},"payload":${payloadJson(event)}}`;
  return frame(formatStreamId('mob', { epoch, n }), event.event.eventType, data);
});

/**
 * The frame of an event in the stream of its agent: the agent's own event, and the interaction it belongs to where the
 * event does not say so itself. Made once however many clients read it.
 */
export const agentFrame = once((event: StreamedEvent) => {
  const { epoch, agentN: n } = event.stream;
  const id = formatStreamId(event.identity ?? '', { epoch, n });
  return frame(id, event.event.eventType, withInteraction(event, payloadJson(event)));
});

function withInteraction({ event: { payload }, interactionId }: StreamedEvent, json: string): string {
  const says = typeof payload === 'object' && payload !== null && 'interaction_id' in payload;
  if (says || interactionId === undefined || !json.startsWith('{"')) return json;
  return `${json.slice(0, -1)},"interaction_id":${JSON.stringify(interactionId)}}`;
}

export function structuralFrame(event: StructuralEvent): Uint8Array {
  return frame(formatLedgerId(event.cursor), event.kind, JSON.stringify(toWireStructuralEvent(event)));
}

/** Its id is the end of the gap, so that a client which goes on from it does not ask for what is not to be had. */
export function gapFrame<C>(
  reason: StreamGap['reason'],
  from: C,
  to: C,
  format: (cursor: C) => string,
): Uint8Array {
  return frame(format(to), 'gap', JSON.stringify({ reason, from: format(from), to: format(to) }));
}

function frame(id: string, event: string, data: string): Uint8Array {
  return encoder.encode(`id: ${line(id)}\nevent: ${line(event)}\ndata: ${data}\n\n`);
}

/** A line break in a name would begin another field. */
function line(value: string): string {
  return value.replaceAll(/[\r\n\0]/g, ' ');
}

function once<E extends object>(make: (event: E) => Uint8Array): (event: E) => Uint8Array {
  const made = new WeakMap<E, Uint8Array>();
  return (event) => {
    const bytes = made.get(event) ?? make(event);
    made.set(event, bytes);
    return bytes;
  };
}
