import { type Clock, within } from '@mobkit/core';
import type { SupervisorPolicy } from '@mobkit/core/mob';

import type { Member } from '../members/member.js';

const DEFAULT_TIMEOUT_MS = 30_000;

export interface Escalation {
  readonly clock: Clock;
  readonly policy: SupervisorPolicy;
  /** The first member of the supervisor's role that can work. */
  readonly supervisor: Member | undefined;
  readonly interactionId: string;
  readonly runId: string;
  readonly flowId: string;
  readonly stepId: string;
  readonly reason: string;
  readonly inARow: number;
}

/** Tells the supervisor and waits for its turn. Answers who was told, else why nobody was. */
export async function escalate(
  given: Escalation,
): Promise<{ readonly identity: string } | { readonly failure: string }> {
  const { clock, policy, supervisor, interactionId } = given;
  if (!supervisor) return { failure: `no member of role "${policy.role}" can work` };
  const { identity } = supervisor.entry;
  const turn = await supervisor
    .requestTurn({ content: report(given), interactionId })
    .catch((error: unknown) => {
      return error instanceof Error ? error : new Error(String(error));
    });
  if (turn instanceof Error) return { failure: `"${identity}" took no turn: ${turn.message}` };
  const timeoutMs = policy.escalation_turn_timeout_ms ?? DEFAULT_TIMEOUT_MS;
  const end = await within(clock, timeoutMs, turn.ended);
  if (!end) {
    turn.cancel('The supervisor took too long');
    return { failure: `"${identity}" did not answer within ${timeoutMs}ms` };
  }
  return end.type === 'run_completed' ? { identity } : { failure: `"${identity}" failed: ${end.error}` };
}

function report({ runId, flowId, stepId, reason, inARow }: Escalation): string {
  const counted = inARow === 1 ? 'A step of a flow failed.' : `${inARow} steps of a flow failed in a row.`;
  return [counted, `flow: ${flowId}`, `run: ${runId}`, `step: ${stepId}`, `reason: ${reason}`].join('\n');
}
