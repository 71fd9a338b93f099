/**
 * How far an archive is behind its log, and how it goes, as the process that ships knows it: the archive itself is not asked, so
 * that looking costs nothing and waits for nobody.
 */
export interface ArchiveStatus {
  /** The last event that can be read from the archive; absent while the archive was never reached. */
  readonly archivedTo?: number;
  /** The last event of the log; absent while the log does not tell. */
  readonly lastSeq?: number;
  /** How many events are not archived yet; absent while either end is unknown. */
  readonly behind?: number;
  /** How long ago the oldest of them happened, in milliseconds; 0 when there is none, absent as `behind`. */
  readonly behindMs?: number;
  /** Events that the archive refused for good and that were put aside, since the process began. */
  readonly refused: number;
  /** Why nothing can be archived now, without secrets, and since when; absent when it can. */
  readonly failing?: { readonly sinceMs: number; readonly error: string };
  /** How the removal of what counts no more in the archive goes; absent where nobody sees to it. */
  readonly compaction?: ArchiveCompactionStatus;
}

/** How the removal of what counts no more in an archive goes. */
export interface ArchiveCompactionStatus {
  /** When it was last done, by this process or an earlier one; absent before the first time. */
  readonly atMs?: number;
  /** How many rows went then; absent as `atMs`. */
  readonly removed?: number;
  /** Why it could not be done since, without secrets; absent when it could. */
  readonly failing?: { readonly sinceMs: number; readonly error: string };
}

/** Tells how an archive goes. */
export interface ArchiveMonitor {
  /** Never rejects, and takes two seconds at most. */
  archiveStatus(): Promise<ArchiveStatus>;
}
