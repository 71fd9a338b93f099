import type { LlmMessage, LlmToolCall, ToolVerdict } from '@mobkit/core/mob';

import type { Use } from './budget.js';

export type ToolMessage = Extract<LlmMessage, { role: 'tool' }>;

/** A turn some of whose calls wait for somebody, as it has to be kept to go on from there. Plain data. */
export interface ParkedTurn {
  /** From 0, in its run. */
  readonly turn: number;
  /** What the model said, and which tools it called. */
  readonly text: string;
  readonly calls: readonly LlmToolCall[];
  /** For each call its result; null for those that wait. */
  readonly results: readonly (ToolMessage | null)[];
  /** What the run has used up, without the time that it waited. */
  readonly use: Use;
}

/** Decides about the calls of one run that may not be made just so. */
export interface TurnGate {
  isGated(tool: string): boolean;
  /**
   * Answers, for each call of the turn that has no result, whether it may run. Waits as long as it takes.
   *
   * @param said - In the run, before this turn.
   * @throws PutAside when the run is to go on another time.
   */
  decide(parked: ParkedTurn, said: readonly LlmMessage[]): Promise<ReadonlyMap<number, ToolVerdict>>;
}

/** The run is not over: what it waits for is kept, and it goes on from there another time. */
export class PutAside extends Error {}
