import { type Clock, errorText, isMobError, within } from '@mobkit/core';
import type { DeliveryMessage, DeliverySink } from '@mobkit/core/ops';

/** What one call of a sink came to. */
export type SinkOutcome =
  | { readonly status: 'sent'; readonly sinkAdapter?: string }
  /** Another attempt may help, not before `retryAfterMs` if that is given. */
  | { readonly status: 'transient_failure'; readonly error: string; readonly retryAfterMs?: number }
  | { readonly status: 'failed'; readonly error: string }
  | { readonly status: 'unknown'; readonly error: string };

/** What is kept of why a sink refused. */
const MAX_ERROR_CHARACTERS = 2_000;

interface Call {
  readonly attempt: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Aborted by whoever gives the call up; the call is then over when the sink says so, or when its time is over. */
  readonly controller: AbortController;
}

/** Calls a sink once and says what came of it; never rejects, and never waits longer than its time. */
export async function callSink(
  sink: DeliverySink,
  message: DeliveryMessage,
  { attempt, timeoutMs, clock, controller }: Call,
): Promise<SinkOutcome> {
  try {
    const context = {
      attempt,
      // Made when it is asked for: most sinks answer at once and never do.
      get signal() {
        return controller.signal;
      },
    };
    const handing = async () => ({ receipt: (await sink.deliver(message, context)) ?? {} });
    const answered = await within(clock, timeoutMs, handing());
    if (!answered) {
      controller.abort();
      return { status: 'unknown', error: `The sink did not answer within ${timeoutMs} ms` };
    }
    const { sinkAdapter, unknown } = answered.receipt;
    if (unknown !== undefined) return { status: 'unknown', error: cut(unknown) };
    return { status: 'sent', ...(sinkAdapter !== undefined && { sinkAdapter: cut(sinkAdapter) }) };
  } catch (refusal) {
    const error = cut(errorText(refusal));
    if (!isMobError(refusal) || !refusal.retryable) return { status: 'failed', error };
    const { retryAfterMs } = refusal.details;
    const asked = typeof retryAfterMs === 'number' && retryAfterMs >= 0 && { retryAfterMs };
    return { status: 'transient_failure', error, ...asked };
  }
}

function cut(text: string): string {
  return text.length <= MAX_ERROR_CHARACTERS ? text : `${text.slice(0, MAX_ERROR_CHARACTERS - 1)}…`;
}
