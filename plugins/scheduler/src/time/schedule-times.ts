import { parseCron } from './cron.js';
import { type FireTimes, fireTimes } from './fire-times.js';
import { parseIntervalMarker } from './interval-marker.js';
import { jitterOf } from './jitter.js';
import type { LocalPattern } from './local-pattern.js';
import type { TimeZone } from './stretch.js';

/** A cron expression is late by less than a minute. */
const CRON_BASE_MS = 60_000;

/** What an interval means, before it is known where. */
export interface ScheduleInterval {
  readonly pattern: LocalPattern;
  /** Jitter stays below it. */
  readonly baseMs: number;
}

/** Reads an interval marker, else a cron expression; undefined for what is neither. */
export function parseInterval(text: string): ScheduleInterval | undefined {
  const marker = parseIntervalMarker(text);
  if (marker) return { pattern: marker, baseMs: marker.everyMs };
  const cron = parseCron(text);
  return cron && { pattern: cron, baseMs: CRON_BASE_MS };
}

/** When a schedule is due, its own jitter included. */
export function scheduleTimes(
  { pattern, baseMs }: ScheduleInterval,
  zone: TimeZone,
  { scheduleId, jitterMs = 0 }: { readonly scheduleId: string; readonly jitterMs?: number | undefined },
): FireTimes {
  const times = fireTimes(pattern, zone);
  const lateMs = jitterOf(scheduleId, jitterMs, baseMs);
  if (lateMs === 0) return times;
  return {
    nextAfter: (utcMs) => later(times.nextAfter(utcMs - lateMs), lateMs),
    latestAt: (utcMs) => (utcMs < lateMs ? undefined : later(times.latestAt(utcMs - lateMs), lateMs)),
  };
}

function later(utcMs: number | undefined, byMs: number): number | undefined {
  return utcMs === undefined ? undefined : utcMs + byMs;
}
