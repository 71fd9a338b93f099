/** How long the store waits for a server that may never answer. */
export interface Bounds {
  /** For the answer to one statement. Then its connection is given up, and what became of it is unknown. */
  readonly answerMs: number;
  /** When closing, for anything at all to be answered. Longer than an append waits for a lock. */
  readonly closeMs: number;
}

export const BOUNDS: Bounds = { answerMs: 30_000, closeMs: 12_000 };
