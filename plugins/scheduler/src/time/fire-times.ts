import type { LocalPattern } from './local-pattern.js';
import type { Stretch, TimeZone } from './stretch.js';

/** The moments at which something is due. */
export interface FireTimes {
  /** The first one after a moment; undefined when there is none. */
  nextAfter(utcMs: number): number | undefined;

  /** The last one up to a moment, and not before 1970; undefined when there is none. */
  latestAt(utcMs: number): number | undefined;
}

/** Stretches in which nothing is found until the search ends: two or three make a year. */
const SEARCH_STRETCHES = 64;

/**
 * Tells when the clocks of a zone show what a pattern means. Where a clock is set back, a rhythm fires in both passes and a
 * moment of day in the first. Where it is set forward, a rhythm has nothing to make up for; moments of day that were left out
 * fire together at the moment the clock was set.
 */
export function fireTimes(pattern: LocalPattern, zone: TimeZone): FireTimes {
  return {
    nextAfter(utcMs) {
      let stretch = zone.stretchAt(utcMs + 1);
      let fromMs = utcMs + 1;
      for (let left = SEARCH_STRETCHES; left > 0; left -= 1) {
        const { offsetMs, untilMs } = stretch;
        const seam = seamAt(stretch, zone, pattern);
        if (seam.madeUp && fromMs <= stretch.fromMs) return stretch.fromMs;
        const localMs = pattern.atOrAfter(Math.max(fromMs + offsetMs, seam.freshMs));
        if (localMs === undefined) return undefined;
        if (localMs - offsetMs < untilMs) return localMs - offsetMs;
        fromMs = untilMs;
        stretch = zone.stretchAt(untilMs);
      }
      return undefined;
    },
    latestAt(utcMs) {
      let stretch = zone.stretchAt(utcMs);
      let toMs = utcMs;
      for (let left = SEARCH_STRETCHES; left > 0; left -= 1) {
        const { offsetMs, fromMs } = stretch;
        const seam = seamAt(stretch, zone, pattern);
        const localMs = pattern.atOrBefore(toMs + offsetMs);
        const found = localMs !== undefined && localMs >= Math.max(fromMs + offsetMs, seam.freshMs);
        if (found) return localMs < offsetMs ? undefined : localMs - offsetMs;
        if (seam.madeUp) return fromMs < 0 ? undefined : fromMs;
        if (localMs === undefined || fromMs <= 0) return undefined;
        toMs = fromMs - 1;
        stretch = zone.stretchAt(toMs);
      }
      return undefined;
    },
  };
}

interface Seam {
  /** Readings below it were shown before the clock was set back. */
  readonly freshMs: number;
  /** Whether something falls into what the clock left out. */
  readonly madeUp: boolean;
}

const SMOOTH: Seam = { freshMs: -Infinity, madeUp: false };

/** Where a stretch meets the one before it. */
function seamAt({ fromMs, offsetMs }: Stretch, zone: TimeZone, pattern: LocalPattern): Seam {
  if (!pattern.momentsOfDay || fromMs === -Infinity) return SMOOTH;
  const before = zone.stretchAt(fromMs - 1).offsetMs;
  if (before > offsetMs) return { freshMs: fromMs + before, madeUp: false };
  const missedMs = before < offsetMs ? pattern.atOrAfter(fromMs + before) : undefined;
  return { freshMs: -Infinity, madeUp: missedMs !== undefined && missedMs < fromMs + offsetMs };
}
