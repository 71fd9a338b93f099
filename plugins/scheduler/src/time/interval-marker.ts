import type { LocalPattern } from './local-pattern.js';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An interval in milliseconds is an unsigned number of 64 bits. */
const LONGEST = 2n ** 64n - 1n;

const DAY_MS = 86_400_000;

/** What is meant every so often, at round readings of the clock. */
export interface IntervalMarker extends LocalPattern {
  readonly everyMs: number;
}

/** Reads `*`/`5m` and the like: a whole number from 1 of s, m, h or d, in any case. Undefined for anything else. */
export function parseIntervalMarker(text: string): IntervalMarker | undefined {
  const [, digits, letter] = /^\*\/(\d+)([smhd])$/i.exec(text.trim()) ?? [];
  const unitMs = UNITS[letter?.toLowerCase() ?? ''];
  if (digits === undefined || unitMs === undefined) return undefined;
  const everyExact = BigInt(digits) * BigInt(unitMs);
  if (everyExact === 0n || everyExact > LONGEST) return undefined;
  const everyMs = Number(everyExact);
  return {
    everyMs,
    atOrAfter: (localMs) => Math.ceil(localMs / everyMs) * everyMs,
    atOrBefore: (localMs) => Math.floor(localMs / everyMs) * everyMs,
    momentsOfDay: everyMs % DAY_MS === 0,
  };
}
