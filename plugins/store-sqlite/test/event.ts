import type { NewEvent } from '@mobkit/core';

/** The contract kit has one too, but it can be loaded by vitest alone. */
export function event(id: string): NewEvent {
  return { id, timestampMs: 0, event: { kind: 'module', module: 'm', eventType: 'said', payload: null } };
}
