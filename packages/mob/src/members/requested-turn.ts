import type { Content } from '@mobkit/core/mob';

import type { RunEnd } from '../agent/run-agent.js';

/** A turn of a member that somebody waits for: a step of a flow, a supervisor's, a helper's. */
export interface TurnRequest {
  readonly content: Content;
  readonly interactionId: string;
  /** Shown to the agent as the sender; absent: the content stands alone. */
  readonly from?: string;
  readonly tools?: ToolOverlay;
  /** What the answer is to be drawn into, instead of the profile's. */
  readonly outputSchema?: Readonly<Record<string, unknown>>;
}

/** Of the member's tools, those it may call in one turn; the baseline is back afterwards. */
export interface ToolOverlay {
  /** @defaultValue all of them */
  readonly allowed?: readonly string[];
  readonly blocked?: readonly string[];
}

/** What `Member.requestTurn` answers once the request is kept: it waits behind what came before it. */
export interface RequestedTurn {
  /**
   * How it ended, once that is kept and its answer was drawn into its schema. Never rejects: a turn that was cut or could not be
   * kept is a `run_failed`.
   */
  readonly ended: Promise<TurnEnd>;
  /** Ends it if it runs, takes it back if it waits. Does nothing when it is over. */
  cancel(reason: string): void;
}

/** With `structured_output` when an output schema was given and met. */
export type TurnEnd = RunEnd & {
  /** Why the answer could not be drawn into the output schema. */
  readonly extractionError?: string;
};
