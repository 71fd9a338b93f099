/** The day of a time in microseconds, as a DATE is written: `2026-01-31`. */
export function dayOf(us: number): string {
  return new Date(Math.floor(us / 1000)).toISOString().slice(0, 10);
}
