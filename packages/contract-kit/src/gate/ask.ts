import type { Gate, GateAuditEntry, GateRequest } from '@mobkit/core/ops';
import { expect } from 'vitest';

import { type GateStage, risky } from './gate-stage.js';

/** Has a risky action wait; answers what it waits as. */
export async function ask(gate: Gate, given: Partial<GateRequest> = {}): Promise<string> {
  const { pendingId } = await gate.evaluate(risky(given));
  if (pendingId === undefined) throw new Error('It does not wait');
  return pendingId;
}

/** What the audit has, by type. */
export async function typesOf(gate: Gate): Promise<readonly GateAuditEntry['eventType'][]> {
  return (await gate.audit(100)).map(({ eventType }) => eventType);
}

/** How many have ended by time. */
export async function endsOf({ told }: GateStage): Promise<number> {
  return told.filter(({ event }) => event.eventType === 'timeout_fallback').length;
}

/** Until something waits; answers as what. */
export async function waitsIn(gate: Gate): Promise<string> {
  let pendingId = '';
  await eventually(async () => {
    const [first] = await gate.pending();
    expect(first).toBeDefined();
    pendingId = first?.pendingId ?? '';
  });
  return pendingId;
}

/** Until it holds; the time limit of the test is what ends it otherwise. */
export async function eventually(holds: () => Promise<void>): Promise<void> {
  await expect
    .poll(
      () =>
        holds().then(
          () => true,
          () => false,
        ),
      { interval: 2, timeout: 30_000 },
    )
    .toBe(true);
}
