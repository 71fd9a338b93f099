import type { Clock, ErrorHook, EventArchive, EventLogStore, LogBounds } from '@mobkit/core';

/** What stays in the primary of what is archived: what either of both keeps no more goes. */
export interface HotEvents {
  /** At least this many of the newest. */
  readonly events?: number;
  /** Those of the last so many milliseconds. */
  readonly ms?: number;
}

export interface ShipperDeps {
  readonly primary: EventLogStore;
  readonly archive: EventArchive;
  /** Told what can be read from the archive, whenever that is known anew. */
  readonly onArchived: (held: LogBounds) => void;
  readonly hot: HotEvents;
  readonly batchSize: number;
  readonly onError: ErrorHook;
  readonly clock: Clock;
}
