import {
  backoffMs,
  delay,
  isMobError,
  type PersistedEvent,
  shownErrorText,
  staleCursor,
  within,
} from '@mobkit/core';

import { pruneHot } from './prune-hot.js';
import { RefusedEvents } from './refused-events.js';
import type { ShipperDeps } from './shipper-deps.js';

/** A primary that cannot tell of appends is asked this often, and what is kept by its age is looked at. */
const LOOK_EVERY_MS = 60_000;
const ASK_EVERY_MS = 1_000;
/** An archive may let go of its oldest events by itself: what it holds is asked so often. */
const ASK_BOUNDS_EVERY_MS = 60 * 60_000;

/** Brings events from the primary into the archive, one batch at a time and in order. */
export class Shipper {
  readonly #deps: ShipperDeps;
  readonly #ended = new AbortController();
  readonly #refused: RefusedEvents;
  #running: Promise<void> = Promise.resolve();
  /** As many batches as there are are shipped before the end. */
  #ending = false;
  #woken = false;
  #wake = () => {};
  /** The last event of the archive; undefined when it has to be asked. */
  #archivedTo: number | undefined;
  #archivedFrom = 0;
  #askedAtMs = 0;
  #failing: { readonly sinceMs: number; error: string } | undefined;

  constructor(deps: ShipperDeps) {
    this.#deps = deps;
    this.#refused = new RefusedEvents(deps, this.#ended.signal);
  }

  /** Events that the archive refused and that were put aside. */
  get refused(): number {
    return this.#refused.count;
  }

  get failing(): { readonly sinceMs: number; readonly error: string } | undefined {
    return this.#failing && { ...this.#failing };
  }

  begin(): void {
    this.#running = this.#run();
  }

  /** Ships what is left, for at most `deadlineMs`. Never rejects. */
  async end(deadlineMs: number): Promise<void> {
    this.#ending = true;
    this.#wakeUp();
    if (deadlineMs > 0) await within(this.#deps.clock, deadlineMs, this.#running);
    this.#ended.abort();
    this.#wakeUp();
  }

  async #run(): Promise<void> {
    const { primary, clock } = this.#deps;
    const { signal } = this.#ended;
    const unsubscribe = primary.onAppend?.(() => this.#wakeUp());
    try {
      for (let failures = 0; !signal.aborted;) {
        this.#woken = false;
        try {
          const more = await this.#ship();
          this.#worked();
          failures = 0;
          if (more) continue;
          await pruneHot(this.#deps, this.#archivedTo ?? 0, signal);
          // What was appended since it looked goes, too.
          if (this.#ending && !this.#woken) return;
          await this.#untilWoken();
        } catch (error) {
          this.#archivedTo = undefined;
          // Somebody else ships, too: where the archive ends now is asked anew.
          if (!isMobError(error, 'MOB_CONFLICT')) this.#failed(error);
          await delay(clock, backoffMs(failures++), signal, { background: !this.#ending });
        }
      }
    } finally {
      unsubscribe?.();
    }
  }

  /** Ships a batch; answers whether there is more. */
  async #ship(): Promise<boolean> {
    const { primary } = this.#deps;
    await this.#refused.keepLetter();
    this.#archivedTo = await this.#archiveEnd();
    if (await this.#refused.isAside(this.#archivedTo)) return true;
    const page = await primary.query({ afterSeq: this.#archivedTo, limit: this.#refused.most });
    // An empty archive begins where the log does.
    if (this.#archivedTo > 0 && this.#archivedTo < page.firstSeq - 1)
      throw staleCursor(this.#archivedTo, page);
    const last = page.events.at(-1);
    if (!last || this.#ended.signal.aborted) return false;
    // A smaller batch is next, or the same again.
    if (!(await this.#put(page.events))) return true;
    if (this.#archivedTo === 0) this.#archivedFrom = page.events[0]?.seq ?? 1;
    this.#archivedTo = last.seq;
    this.#deps.onArchived({ firstSeq: this.#archivedFrom, lastSeq: last.seq });
    // Also what was put aside in this one is seen to.
    return page.more || this.#refused.hasLetter;
  }

  /** Answers whether they are in the archive now, or what stands in for one of them. */
  async #put(events: readonly PersistedEvent[]): Promise<boolean> {
    try {
      await this.#deps.archive.put(events);
    } catch (error) {
      return this.#refused.refused(events, error);
    }
    this.#refused.archived();
    return true;
  }

  async #archiveEnd(): Promise<number> {
    const { archive, clock, onArchived } = this.#deps;
    const agoMs = Math.abs(clock.now() - this.#askedAtMs);
    if (this.#archivedTo !== undefined && agoMs < ASK_BOUNDS_EVERY_MS) return this.#archivedTo;
    const held = await archive.bounds();
    this.#askedAtMs = clock.now();
    this.#archivedFrom = held.firstSeq;
    onArchived(held);
    return held.lastSeq;
  }

  async #untilWoken(): Promise<void> {
    if (this.#woken) return;
    const { primary, clock } = this.#deps;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await delay(clock, primary.onAppend ? LOOK_EVERY_MS : ASK_EVERY_MS, woken.signal, { background: true });
  }

  #wakeUp(): void {
    this.#woken = true;
    this.#wake();
  }

  #worked(): void {
    if (!this.#failing) return;
    const downMs = Math.max(this.#deps.clock.now() - this.#failing.sinceMs, 0);
    this.#failing = undefined;
    this.#deps.onError({ category: 'event_archive_recovered', downMs });
  }

  #failed(cause: unknown): void {
    const error = shownErrorText(cause);
    if (this.#failing) {
      this.#failing.error = error;
      return;
    }
    this.#failing = { sinceMs: this.#deps.clock.now(), error };
    const said = `The event archive takes no events: ${error}; they wait in the event log; will retry`;
    this.#deps.onError({ category: 'event_archive_failure', error: said });
  }
}
