import {
  type ArchiveCompactionStatus,
  type Clock,
  type EventArchive,
  isMobError,
  type RecordsDefinition,
  shownErrorText,
  type Storage,
  systemClock,
  within,
} from '@mobkit/core';

export interface ArchiveCompactionOptions {
  readonly archive: EventArchive;
  /** Keeps when it was last done: a process may not live as long as from one to the next. */
  readonly storage: Storage;
  /** From one to the next. */
  readonly everyMs: number;
  /** Told how many rows went, when any did, and that it works again. */
  readonly onInfo: (text: string) => void;
  /** Told that it fails, once until it does not. */
  readonly onWarning: (text: string) => void;
  readonly clock?: Clock;
}

/** When the archive was last compacted. */
const compactionDefinition = {
  kind: 'records',
  name: 'archive_compactions',
  fields: {},
} as const satisfies RecordsDefinition;

const KEY = 'last';
/** A start has other things to do first, and so has the archive. */
const AFTER_START_MS = 60_000;
/** One that failed is tried again after so long, if the next is not due before. */
const AGAIN_MS = 60 * 60_000;
/** How long a stop waits for the one under way. */
const END_MS = 1_000;

interface Done {
  readonly atMs: number;
  readonly removed: number;
}

/** Has an archive remove what counts in it no more, from time to time over restarts. */
export class ArchiveCompaction {
  readonly #options: ArchiveCompactionOptions;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  #done: Done | undefined;
  #failing: { readonly sinceMs: number; error: string } | undefined;
  #cancel = () => {};
  #running: Promise<void> = Promise.resolve();

  private constructor(options: ArchiveCompactionOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Begins; undefined for an archive in which there is never anything to remove. */
  static async begin(options: ArchiveCompactionOptions): Promise<ArchiveCompaction | undefined> {
    if (!options.archive.compact) return undefined;
    const compaction = new ArchiveCompaction(options);
    const { storage } = options;
    await storage.prepare([compactionDefinition]);
    const kept = await storage.records(compactionDefinition).get(KEY);
    compaction.#done = kept && (JSON.parse(kept.data) as Done);
    compaction.#wait(Math.max(compaction.#untilDueMs(), AFTER_START_MS));
    return compaction;
  }

  get status(): ArchiveCompactionStatus {
    return { ...this.#done, ...(this.#failing && { failing: { ...this.#failing } }) };
  }

  /** Ends the one under way, which is waited for a second at most. */
  async end(): Promise<void> {
    this.#ended.abort();
    this.#cancel();
    await within(this.#clock, END_MS, this.#running);
  }

  #wait(ms: number): void {
    if (this.#ended.signal.aborted) return;
    this.#cancel = this.#clock.after(ms, () => void (this.#running = this.#run()), { background: true });
  }

  /** A clock that was set back must not put it off. */
  #untilDueMs(): number {
    if (!this.#done) return 0;
    const { everyMs } = this.#options;
    return Math.min(Math.max(this.#done.atMs + everyMs - this.#clock.now(), 0), everyMs);
  }

  async #run(): Promise<void> {
    const { archive, storage, everyMs, onInfo, onWarning } = this.#options;
    const { signal } = this.#ended;
    try {
      const removed = (await archive.compact?.(signal)) ?? 0;
      this.#done = { atMs: this.#clock.now(), removed };
      await storage.records(compactionDefinition).put(KEY, { data: JSON.stringify(this.#done) });
      if (this.#failing) onInfo('The archive can be compacted again');
      this.#failing = undefined;
      if (removed > 0) onInfo(`Compacting the archive removed ${removed} rows that counted no more`);
      this.#wait(everyMs);
    } catch (error) {
      if (signal.aborted) return;
      const said = shownErrorText(error);
      // One that is away is told of by what ships.
      if (!this.#failing && !isMobError(error, 'MOB_STORE_UNAVAILABLE'))
        onWarning(`The archive could not be compacted: ${said}`);
      this.#failing = { sinceMs: this.#failing?.sinceMs ?? this.#clock.now(), error: said };
      this.#wait(Math.min(AGAIN_MS, everyMs));
    }
  }
}
