import { type Clock, delay, isMobError } from '@mobkit/core';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

export interface KeepTryingOptions {
  readonly attempt: () => Promise<void>;
  /** Whether an attempt of an earlier call may have been kept. @defaultValue false */
  readonly inDoubt?: boolean;
  /** Whether an attempt whose answer was lost was kept after all. Asked before every attempt but the very first. */
  readonly kept: () => Promise<boolean>;
  readonly clock: Clock;
  /** Told of the first failure only. */
  readonly onFailure: (error: unknown) => void;
  /** Ends the pauses between attempts. */
  readonly signal: AbortSignal;
}

/**
 * Writes until it is kept, with growing pauses while the storage cannot be reached. False when `signal` was aborted after
 * a failure: then nobody knows.
 *
 * @throws what trying again cannot mend.
 */
export async function keepTrying(options: KeepTryingOptions): Promise<boolean> {
  const { attempt, inDoubt = false, kept, clock, onFailure, signal } = options;
  for (let failures = 0; ; failures += 1) {
    try {
      if ((inDoubt || failures > 0) && (await kept())) return true;
      await attempt();
      return true;
    } catch (error) {
      if (!isMobError(error) || !error.retryable) throw error;
      if (failures === 0) onFailure(error);
    }
    if (signal.aborted) return false;
    const pauseMs = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS);
    await delay(clock, (pauseMs * (1 + Math.random())) / 2, signal);
    if (signal.aborted) return false;
  }
}
