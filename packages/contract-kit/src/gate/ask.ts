import type { Gate, GateAuditEntry, GateRequest } from '@mobkit/core/ops';
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
export function endsOf({ told }: GateStage): number {
  return told.filter(({ event }) => event.eventType === 'timeout_fallback').length;
}

/** Until something waits; answers as what. */
export async function waitsIn(stage: GateStage, gate: Gate): Promise<string> {
  let pendingId: string | undefined;
  await stage.until(async () => {
    pendingId = (await gate.pending())[0]?.pendingId;
    return pendingId !== undefined;
  });
  return pendingId ?? '';
}
