import type {
  Clock,
  DeadLetterStore,
  ErrorHook,
  EventArchive,
  EventLogStore,
  LogBounds,
  PersistedEvent,
} from '@mobkit/core';

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
  /** Where events go that the archive refuses. */
  readonly deadLetters: DeadLetterStore | undefined;
  /** The last event of the archive when it was opened, and that of the primary, where both still have it. */
  readonly lastArchived:
    | { readonly archived: PersistedEvent; readonly event: PersistedEvent | undefined }
    | undefined;
  readonly onError: ErrorHook;
  readonly clock: Clock;
}
