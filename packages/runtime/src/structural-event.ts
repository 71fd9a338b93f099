import type { Labels } from '@mobkit/core';
import type { MobEventKind, MobEventTailOptions } from '@mobkit/core/mob';

/** An entry of the ledger as people ask for it. */
export interface StructuralEvent {
  /** `mob-evt-<cursor>`: unique in its mob; `mob-evt-gap-<from>-<to>` for a gap. */
  readonly eventId: string;
  readonly cursor: number;
  readonly mobId: string;
  /** Unix time in whole milliseconds, never negative. */
  readonly timestampMs: number;
  /** The type of the kind, e.g. `member_spawned`. */
  readonly kind: string;
  readonly runId?: string;
  readonly stepId?: string;
  readonly agentIdentity?: string;
  /** The labels that the mob has now, not those it had then. */
  readonly mobLabels: Labels;
  /** The labels that the run has now; empty for an event of no run. */
  readonly runLabels: Labels;
  readonly data: MobEventKind | StructuralGap;
}

/**
 * Stands in a broadcast, and in the timeline, where events of the ledger cannot be told any more; its `kind` is `stream_gap`. It
 * is in no ledger, so no query finds it.
 */
export interface StructuralGap {
  readonly type: 'stream_gap';
  /** `pruned`: they were removed. `beyond_ledger`: the ledger does not go as far as what was told of it before. */
  readonly reason: 'pruned' | 'beyond_ledger';
  /** The last event that was told. */
  readonly after_cursor: number;
  /** The next event told is the one after it. */
  readonly resumed_after: number;
}

/** One page of structural events, and where the ledger stood when it was read. */
export interface StructuralEventPage {
  /** Ascending by cursor. */
  readonly events: readonly StructuralEvent[];
  /** The cursor to go on from: no event at or below it will ever match this query again. */
  readonly scannedTo: number;
  readonly more: boolean;
  /** The ledger's last cursor when the page was read. */
  readonly latestCursor: number;
}

/** Which structural events to follow, and from where. */
export interface StructuralTailOptions extends MobEventTailOptions {
  /** A mob that an agent made; any other has no events here. @defaultValue the mob of the runtime */
  readonly mobId?: string;
}
