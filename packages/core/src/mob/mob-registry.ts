import type { MobHandle } from './mob-handle.js';

/** The mobs that agents made: each with a ledger and cursors of its own. */
export interface ChildMobs {
  /** Those there are now, by mob id. */
  handles(): ReadonlyMap<string, MobHandle>;

  /** Calls `listener` whenever a mob was added or is gone, after `handles` shows it. Returns what ends it. */
  onChange(listener: () => void): () => void;
}
