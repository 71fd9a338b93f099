import { findIanaZone } from './iana-zone.js';
import type { TimeZone } from './stretch.js';

const MINUTE_MS = 60_000;

/**
 * Finds a time zone: `UTC` in any case, `Z`, a fixed offset (`+01:00`, `UTC-0330`, `GMT+1:30`), or an IANA name in the
 * spelling it has there. Undefined for anything else. A fixed offset knows no summer time.
 */
export function findTimeZone(text: string): TimeZone | undefined {
  const name = text.trim();
  const offsetMs = fixedOffsetMs(name);
  return offsetMs === undefined ? findIanaZone(name) : fixedZone(offsetMs);
}

function fixedZone(offsetMs: number): TimeZone {
  const always = { fromMs: -Infinity, untilMs: Infinity, offsetMs };
  return { stretchAt: () => always };
}

function fixedOffsetMs(name: string): number | undefined {
  if (/^utc$/i.test(name) || /^(?:Z|GMT|gmt)$/.test(name)) return 0;
  const colon = /^(?:UTC|utc|GMT|gmt)?([+-])(\d{1,2}):(\d{1,2})$/.exec(name);
  const [, sign, hours, minutes] = colon ?? /^(?:UTC|utc|GMT|gmt)([+-])(\d\d)(\d\d)$/.exec(name) ?? [];
  if (sign === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}
