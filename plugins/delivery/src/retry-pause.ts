/** The part of a pause that is left to chance, so that what failed together does not come back together. */
const JITTER = 0.25;

/** A route may ask for any pause; beyond this no date would be left for the next attempt. */
const LONGEST_MS = 10 * 365 * 86_400_000;

/**
 * How long to wait before the next attempt, in whole milliseconds: what the route says, doubled with every further failure
 * up to `longestMs`, and up to a quarter more at random. Never before `atLeastMs`, which the sink may ask for.
 *
 * @param failures - How many attempts have failed, from 1.
 */
export function retryPauseMs(
  failures: number,
  {
    backoffMs,
    longestMs,
    atLeastMs = 0,
  }: { backoffMs: number; longestMs: number; atLeastMs?: number | undefined },
): number {
  const pauseMs = Math.min(backoffMs * 2 ** (failures - 1), Math.max(longestMs, backoffMs));
  const longerMs = Math.max(pauseMs, Math.min(atLeastMs, longestMs)) * (1 + JITTER * Math.random());
  return Math.ceil(Math.min(longerMs, LONGEST_MS));
}
