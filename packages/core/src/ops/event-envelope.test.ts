import { expect, it } from 'vitest';

import { parseEventLine } from './event-envelope.js';

const module = { kind: 'module', module: 'router', event_type: 'ready', payload: { ok: true } };
const agent = { kind: 'agent', agent_id: 'worker-1:0', event_type: 'run_started' };
const envelope = { event_id: 'evt-1', source: 'module', timestamp_ms: 7, event: module };
const parse = (value: unknown) => parseEventLine(JSON.stringify(value));

it('[ops.event-envelope] reads an envelope and the flat form of it alike', () => {
  const event = { kind: 'module', module: 'router', eventType: 'ready', payload: { ok: true } };
  const expected = { eventId: 'evt-1', timestampMs: 7, event };
  expect(parse(envelope)).toEqual(expected);
  expect(
    parse({ ...envelope, event: undefined, module: 'router', event_type: 'ready', payload: { ok: true } }),
  ).toEqual(expected);
  const ofAgent = {
    eventId: 'evt-1',
    timestampMs: 7,
    event: { kind: 'agent', agentId: 'worker-1:0', eventType: 'run_started' },
  };
  expect(parse({ ...envelope, source: 'agent', event: agent })).toEqual(ofAgent);
});

it.each<[value: unknown, details: object]>([
  [
    { ...envelope, source: 'agent' },
    { reason: 'source_mismatch', expected: 'module', got: 'agent' },
  ],
  [
    { ...envelope, event: agent },
    { reason: 'source_mismatch', expected: 'agent', got: 'module' },
  ],
  [[], { reason: 'invalid_schema' }],
  [
    { ...envelope, event_id: undefined },
    { reason: 'missing_field', field: 'event_id' },
  ],
  [
    { ...envelope, source: undefined },
    { reason: 'missing_field', field: 'source' },
  ],
  [
    { ...envelope, event_id: 7 },
    { reason: 'invalid_field_type', field: 'event_id' },
  ],
  [
    { ...envelope, timestamp_ms: -1 },
    { reason: 'invalid_field_type', field: 'timestamp_ms' },
  ],
  [
    { ...envelope, event: { ...module, payload: undefined } },
    { reason: 'missing_field', field: 'payload' },
  ],
  [
    { ...envelope, event: { ...module, kind: 'other' } },
    { reason: 'invalid_schema', field: 'kind' },
  ],
])('[ops.event-envelope] refuses %j', (value, details) => {
  expect(() => parse(value)).toThrow(
    expect.objectContaining({ code: 'MOB_EVENT_INVALID', details }) as Error,
  );
});

it('[ops.event-envelope] refuses what is not JSON', () => {
  expect(() => parseEventLine('{')).toThrow(
    expect.objectContaining({ code: 'MOB_EVENT_INVALID', details: { reason: 'invalid_json' } }) as Error,
  );
});
