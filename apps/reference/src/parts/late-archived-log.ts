import {
  backoffMs,
  delay,
  errorText,
  type EventLogStore,
  type EventPage,
  type EventQuery,
  isMobError,
  MobError,
  systemClock,
  within,
} from '@mobkit/core';
import { type ArchivedEventLog, archivedEventLog, type ArchivedEventLogOptions } from '@mobkit/event-log';

/**
 * An archived event log whose archive may be away when it is opened: events wait in the primary until it comes, and whoever
 * asks for the past is told to ask again.
 */
export class LateArchivedLog implements EventLogStore {
  /** As the primary has it. */
  readonly onAppend?: NonNullable<EventLogStore['onAppend']>;
  readonly #options: ArchivedEventLogOptions;
  readonly #closing = new AbortController();
  #archived: ArchivedEventLog | undefined;
  #opening: Promise<void> = Promise.resolve();

  private constructor(options: ArchivedEventLogOptions) {
    this.#options = options;
    const { primary } = options;
    if (primary.onAppend) this.onAppend = (wake) => primary.onAppend?.(wake) ?? (() => {});
  }

  /** @throws what `archivedEventLog` throws, except that the archive cannot be reached. */
  static async open(options: ArchivedEventLogOptions): Promise<LateArchivedLog> {
    const log = new LateArchivedLog(options);
    const failed = await log.#tryToOpen();
    if (!failed) return log;
    if (!isRetryable(failed)) throw failed;
    const error = `The event archive cannot be opened: ${errorText(failed)}; events wait in the event log; will retry`;
    options.onError?.({ category: 'event_archive_failure', error });
    log.#opening = log.#openLater(systemClock.now());
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

  async close(deadlineMs: number): Promise<void> {
    this.#closing.abort();
    // An attempt that is under way is given up with the archive itself.
    await within(systemClock, deadlineMs, this.#opening);
    await this.#archived?.close({ deadlineMs });
  }

  async #tryToOpen(): Promise<unknown> {
    try {
      this.#archived = await archivedEventLog(this.#options);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async #openLater(sinceMs: number): Promise<void> {
    const { onError } = this.#options;
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; failures++) {
      await delay(systemClock, backoffMs(failures), signal, { background: true });
      if (signal.aborted) return;
      const failed = await this.#tryToOpen();
      if (!failed) {
        onError?.({ category: 'event_archive_recovered', downMs: Math.max(systemClock.now() - sinceMs, 0) });
        return;
      }
      if (isRetryable(failed)) continue;
      onError?.({ category: 'event_archive_failure', error: errorText(failed) });
      return;
    }
  }
}

function isRetryable(error: unknown): boolean {
  return isMobError(error, 'MOB_STORE_UNAVAILABLE');
}
