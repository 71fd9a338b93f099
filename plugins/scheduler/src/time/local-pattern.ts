/**
 * Which readings of a clock on the wall are meant. A reading is counted like Unix time, in milliseconds, as if the clock showed
 * UTC.
 */
export interface LocalPattern {
  /** The first reading that is meant, from this one on; undefined when there is none. */
  atOrAfter(localMs: number): number | undefined;

  /** The last reading that is meant, up to this one; undefined when there is none. */
  atOrBefore(localMs: number): number | undefined;

  /**
   * Whether it means moments of a day (`0 9 * * *`), and not a rhythm (`0 * * * *`). A moment that the clock shows twice is meant
   * once, one that it leaves out is made up for; a rhythm goes on with the time that passes.
   */
  readonly momentsOfDay: boolean;
}
