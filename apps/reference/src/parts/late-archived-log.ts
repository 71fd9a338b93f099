import {
  type ArchiveMonitor,
  type ArchiveStatus,
  backoffMs,
  type Clock,
  delay,
  type EventLogStore,
  type EventPage,
  type EventQuery,
  isMobError,
  MobError,
  shownErrorText,
  systemClock,
  within,
} from '@mobkit/core';
import { type ArchivedEventLog, archivedEventLog, type ArchivedEventLogOptions } from '@mobkit/event-log';

/** How long a start waits for an archive that gives no answer. */
const OPEN_MS = 5_000;
/** How long whoever asks how it goes waits for the primary. */
const STATUS_MS = 2_000;

/**
 * An archived event log whose archive may be away when it is opened: events wait in the primary until it comes, and whoever
 * asks for the past is told to ask again.
 */
export class LateArchivedLog implements ArchiveMonitor, EventLogStore {
  /** As the primary has it. */
  readonly onAppend?: NonNullable<EventLogStore['onAppend']>;
  readonly #options: ArchivedEventLogOptions;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #archived: ArchivedEventLog | undefined;
  #opening: Promise<void> = Promise.resolve();
  /** Why it has never been open. */
  #failing: { readonly sinceMs: number; readonly error: string } | undefined;

  private constructor(options: ArchivedEventLogOptions) {
    this.#options = options;
    const { primary, clock = systemClock } = options;
    this.#clock = clock;
    if (primary.onAppend) this.onAppend = (wake) => primary.onAppend?.(wake) ?? (() => {});
  }

  /**
   * Resolves after five seconds at the latest, and goes on by itself then.
   *
   * @throws what `archivedEventLog` throws by then, except that the archive cannot be reached.
   */
  static async open(options: ArchivedEventLogOptions): Promise<LateArchivedLog> {
    const log = new LateArchivedLog(options);
    const first = log.#tryToOpen();
    const tried = await within(log.#clock, OPEN_MS, first);
    if (tried && 'opened' in tried) return log;
    if (tried && !isRetryable(tried.failed)) throw tried.failed;
    const why = tried ? shownErrorText(tried.failed) : `no answer within ${OPEN_MS} ms`;
    const error = `The event archive cannot be opened: ${why}; events wait in the event log; will retry`;
    options.onError?.({ category: 'event_archive_failure', error });
    const sinceMs = log.#clock.now();
    log.#failing = { sinceMs, error: why };
    log.#opening = log.#openLater(first, sinceMs);
    return log;
  }

  get supports(): EventLogStore['supports'] {
    return this.#options.primary.supports;
  }

  /** Undefined while the archive has never been open. */
  get archived(): ArchivedEventLog | undefined {
    return this.#archived;
  }

  appendBatch: EventLogStore['appendBatch'] = (events) => this.#options.primary.appendBatch(events);

  async query(query: EventQuery): Promise<EventPage> {
    if (this.#archived) return this.#archived.query(query);
    const page = await this.#options.primary.query(query);
    const { afterSeq } = query;
    const enough = afterSeq === undefined ? page.more : afterSeq >= page.firstSeq - 1;
    if (page.firstSeq <= 1 || enough) return page;
    throw new MobError('MOB_STORE_UNAVAILABLE', 'What is asked for is in the archive, which is away', {
      retryable: true,
    });
  }

  async archiveStatus(): Promise<ArchiveStatus> {
    if (this.#archived) return this.#archived.archiveStatus();
    const asked = this.#options.primary.query({ limit: 0 }).catch(() => undefined);
    const page = await within(this.#clock, STATUS_MS, asked);
    return {
      ...(page && { lastSeq: page.lastSeq }),
      refused: 0,
      ...(this.#failing && { failing: this.#failing }),
    };
  }

  async close(deadlineMs: number): Promise<void> {
    this.#closing.abort();
    // An attempt that takes longer closes what it opens.
    await within(this.#clock, deadlineMs, this.#opening);
    await this.#archived?.close({ deadlineMs });
  }

  async #tryToOpen(): Promise<Tried> {
    try {
      const archived = await archivedEventLog(this.#options);
      if (this.#closing.signal.aborted) await archived.close({ deadlineMs: 0 });
      else this.#archived = archived;
      return { opened: true };
    } catch (failed) {
      return { failed };
    }
  }

  async #openLater(first: Promise<Tried>, sinceMs: number): Promise<void> {
    const { onError } = this.#options;
    const { signal } = this.#closing;
    let tried = await first;
    for (let failures = 0; !signal.aborted; failures++) {
      if ('opened' in tried) {
        onError?.({ category: 'event_archive_recovered', downMs: Math.max(this.#clock.now() - sinceMs, 0) });
        return;
      }
      this.#failing = { sinceMs, error: shownErrorText(tried.failed) };
      if (!isRetryable(tried.failed)) {
        onError?.({ category: 'event_archive_failure', error: this.#failing.error });
        return;
      }
      await delay(this.#clock, backoffMs(failures), signal, { background: true });
      if (signal.aborted) return;
      tried = await this.#tryToOpen();
    }
  }
}

type Tried = { readonly opened: true } | { readonly failed: unknown };

function isRetryable(error: unknown): boolean {
  return isMobError(error, 'MOB_STORE_UNAVAILABLE');
}
