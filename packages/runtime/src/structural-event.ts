import type { Labels } from '@mobkit/core';
import type { MobEventKind, MobEventTailOptions } from '@mobkit/core/mob';

/** An entry of the ledger as people ask for it. */
export interface StructuralEvent {
  /** `mob-evt-<cursor>`: unique in its mob. */
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
  readonly data: MobEventKind;
}

export interface StructuralEventPage {
  /** Ascending by cursor. */
  readonly events: readonly StructuralEvent[];
  /** The cursor to go on from: no event at or below it will ever match this query again. */
  readonly scannedTo: number;
  readonly more: boolean;
  /** The ledger's last cursor when the page was read. */
  readonly latestCursor: number;
}

export interface StructuralTailOptions extends MobEventTailOptions {
  /** A mob other than the runtime's has no events here. */
  readonly mobId?: string;
}
