import { expect, it } from 'vitest';

import { formatEventLine, parseEventLine } from './event-envelope.js';
import { parseTypedEventLine } from './typed-event-line.js';

const numberIn = (payload: unknown): number => {
  const { attempt } = payload as { readonly attempt?: unknown };
  if (typeof attempt !== 'number') throw new Error('attempt is no number');
  return attempt;
};
const ready = { kind: 'module', module: 'router', event_type: 'ready', payload: { attempt: 2 } };
const line = (event: object, source = 'module') =>
  JSON.stringify({ event_id: 'evt-1', source, timestamp_ms: 7, event });
const read = (text: string) => parseTypedEventLine(text, { eventType: 'ready', decode: numberIn });

it('[modules.typed-line] gives the payload of the event that is expected, read', () => {
  expect(read(line(ready))).toEqual({ eventId: 'evt-1', timestampMs: 7, module: 'router', payload: 2 });
});

it.each<[what: string, text: string, details: object]>([
  [
    'an event of an agent',
    line({ kind: 'agent', agent_id: 'a', event_type: 'ready' }, 'agent'),
    { reason: 'unexpected_event_kind', expected: 'module', got: 'agent' },
  ],
  [
    'another type of event',
    line({ ...ready, event_type: 'moved' }),
    { reason: 'unexpected_payload_type', expected: 'ready', got: 'moved' },
  ],
  [
    'a payload of another shape',
    line({ ...ready, payload: { attempt: 'two' } }),
    { reason: 'unexpected_payload_type', expected: 'ready' },
  ],
  ['what is no event', '{}', { reason: 'missing_field', field: 'event_id' }],
])('[modules.typed-line] refuses %s', (_what, text, details) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'MOB_EVENT_INVALID', details }) as Error);
});

it.each([
  line(ready),
  line({ kind: 'agent', agent_id: 'worker-1:0', event_type: 'run_started' }, 'agent'),
  line({ kind: 'agent', agent_id: 'worker-1:0', event_type: 'text', payload: { n: [1, null] } }, 'agent'),
])('[modules.event-line] writes what it reads: %s', (text) => {
  expect(formatEventLine(parseEventLine(text))).toBe(text);
});
