import { type Clock, delay, errorText, isMobError } from '@mobkit/core';
import type { AgentEventPayload, TerminalCause } from '@mobkit/core/mob';

const RETRIES = 3;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** Who is told to come back later than that gives up. */
const LONGEST_RETRY_AFTER_MS = 300_000;

export interface AskAgainOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly emit: (payload: AgentEventPayload) => void;
}

/** Tells what a model could not do from what we could not. */
export class ModelFailure extends Error {
  readonly terminalCause: TerminalCause;

  constructor(cause: unknown, terminalCause: TerminalCause) {
    super('The model did not answer', { cause });
    this.terminalCause = terminalCause;
  }
}

/** Asks a model, and again with growing pauses while that may help. @throws ModelFailure; the signal's reason. */
export async function askAgain<T>(ask: () => Promise<T>, options: AskAgainOptions): Promise<T> {
  const { signal, clock, emit } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!isMobError(error) || !error.retryable) throw new ModelFailure(error, 'llm_failure');
      const retryAfterMs = Number(error.details['retryAfterMs'] ?? 0);
      if (attempt > RETRIES || retryAfterMs > LONGEST_RETRY_AFTER_MS) {
        throw new ModelFailure(error, 'retry_exhausted');
      }
      const pauseMs = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
      // Never shorter than asked for: whoever said so counts.
      const delayMs = Math.round(Math.max((pauseMs * (1 + Math.random())) / 2, retryAfterMs || 0));
      const about = { attempt, max_attempts: RETRIES, error: errorText(error), delay_ms: delayMs };
      emit({ type: 'retrying', ...about });
      await delay(clock, delayMs, signal);
      signal.throwIfAborted();
    }
  }
}
