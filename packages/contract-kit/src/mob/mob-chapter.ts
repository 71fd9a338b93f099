import type { Stage } from './stage.js';

/** A part of the tests of a mob engine. */
export interface MobChapter {
  readonly name: string;
  /** Registers its tests, each on a stage of its own. */
  readonly tests: (stage: () => Stage) => void;
}
