/** A behaviour that is promised. A test names it by its id in square brackets: `it('[log.dense] numbers …')`. */
export interface Requirement {
  /** `<area>.<what>`, stable. */
  readonly id: string;
  /** What somebody who uses it may count on, in one sentence. */
  readonly behaviour: string;
  /** What was broken in the code to see its test fail, in one line. */
  readonly fault: string;
}
