import type { Clock } from '@mobkit/core';

/** How far a runtime is, in this order. */
export type LifecycleStage =
  | 'MobStarted'
  | 'ModulesStarted'
  | 'MergedStreamStarted'
  | 'ShutdownRequested'
  | 'ShutdownComplete';

/** That a runtime has come to a stage. */
export interface LifecycleEvent {
  /** From 0. */
  readonly seq: number;
  readonly stage: LifecycleStage;
  /** Unix time in whole milliseconds. */
  readonly timestampMs: number;
}

/** The stages a runtime has reached. */
export class LifecycleStages {
  readonly #clock: Clock;
  readonly #events: LifecycleEvent[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In order. */
  get events(): readonly LifecycleEvent[] {
    return [...this.#events];
  }

  reach(stage: LifecycleStage): void {
    this.#events.push({ seq: this.#events.length, stage, timestampMs: this.#clock.now() });
  }
}
