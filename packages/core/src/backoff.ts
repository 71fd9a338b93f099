/** The longest pause after the first failure, in milliseconds; each further failure doubles it. */
const FIRST_BACKOFF_MS = 50;

/** No pause is longer, in milliseconds, unless told otherwise: what is back is noticed after this time. */
const LONGEST_BACKOFF_MS = 5_000;

/** The part of a pause that is left to chance, so that many processes do not come back at the same moment. */
const JITTER = 0.5;

/**
 * How long to wait before trying again, in milliseconds: 50, doubled with every failure up to `longestMs`, each shortened
 * by up to a half at random.
 *
 * @param failures - How many failed in a row before the last; 0 after the first failure.
 * @param longestMs - The longest pause, from 50. @defaultValue 5000
 */
export function backoffMs(failures: number, longestMs: number = LONGEST_BACKOFF_MS): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** failures, longestMs) * (1 - JITTER * Math.random());
}
