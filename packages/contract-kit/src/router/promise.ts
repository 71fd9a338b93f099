import type { RouterStage } from './stage.js';

/** One promise of a router, and what proves it. */
export interface RouterPromise {
  /** What part of the contract it belongs to. */
  readonly chapter: string;
  readonly title: string;
  prove(stage: RouterStage): Promise<void>;
}
