import type { NewEvent } from '@mobkit/core';

/** So that an event with its envelope has about 300 bytes. */
const TEXT = 'x'.repeat(120);

const EVENT_TYPES = ['text_delta', 'turn_started', 'turn_completed', 'tool_call_requested', 'run_started'];

/** The `n`th event of a mob of 50 members, each with a run of its own for every 200 events. */
export function benchEvent(n: number): NewEvent {
  const identity = `worker-${n % 50}`;
  const memberId = `${identity}:${n % 3}`;
  // The last of them is rare.
  const eventType = n % 1_000 === 0 ? 'run_failed' : (EVENT_TYPES[n % EVENT_TYPES.length] ?? '');
  return {
    id: `01926f3a-7c1b-7000-8000-${String(n).padStart(12, '0')}`,
    timestampMs: 1_760_000_000_000 + n,
    memberId,
    identity,
    mobId: 'bench',
    runId: `run-${Math.floor(n / 200)}`,
    ...(n % 4 === 0 && { stepId: `step-${n % 20}` }),
    event: { kind: 'agent', agentId: memberId, eventType, payload: { type: eventType, delta: TEXT } },
  };
}

/** Events `from` to `to`, without the last. */
export function benchEvents(from: number, to: number): readonly NewEvent[] {
  return Array.from({ length: to - from }, (_, index) => benchEvent(from + index));
}
