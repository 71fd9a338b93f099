/** How far clocks on the wall are from UTC, and when that changes. */
export interface TimeZone {
  /** The stretch of time around a moment in which clocks are equally far from UTC. Its neighbours may have the same offset. */
  stretchAt(utcMs: number): Stretch;
}

export interface Stretch {
  /** Inclusive; -Infinity when it has no beginning. */
  readonly fromMs: number;
  /** Exclusive; Infinity when it has no end. */
  readonly untilMs: number;
  /** Added to UTC it is what the clock shows. */
  readonly offsetMs: number;
}
