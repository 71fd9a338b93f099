import { unlink } from 'node:fs/promises';

import { type ErrorHook, errorText } from '@mobkit/core';

import type { Checkpoint } from './checkpoint.js';
import type { Frame } from './frame.js';
import type { Segment } from './segments.js';
import { SpoolReader } from './spool-reader.js';
import type { SpoolWriter } from './spool-writer.js';

/** What is read of the files before it is settled, so that large events do not fill memory. */
const READ_AHEAD_BYTES = 8 * 2 ** 20;

/** What the oldest of a spool is. */
export interface SpoolHead {
  /** Events before the others that cannot be read; gone from the spool with this answer. */
  readonly lost: number;
  /** JSON of a `gap` event that stands before the others, and is no event itself. */
  readonly gap?: string;
  /** JSON of the oldest events, in order; none before another gap. */
  readonly events: readonly string[];
}

export interface EventSpoolDeps {
  readonly directory: string;
  readonly segments: Segment[];
  readonly writer: SpoolWriter;
  readonly checkpoint: Checkpoint;
  readonly release: () => Promise<void>;
  readonly onError: ErrorHook | undefined;
  /** The ordinal of the first event that is not settled. */
  readonly head: number;
  /** The ordinal of the next event. */
  readonly next: number;
}

/**
 * Events on disk, the oldest first, between an ingestion and its log. Made by `openEventSpool`, given to one
 * `createEventIngestion`, and closed after it by whoever opened it; all else is the ingestion's to call.
 */
export class EventSpool {
  readonly directory: string;
  /** Events that an earlier process left, counted by their ordinals: those that can no longer be read are among them. */
  readonly recovered: number;
  readonly #deps: EventSpoolDeps;
  readonly #reader: SpoolReader;
  /** Read, and not settled. */
  #ahead: readonly Frame[] = [];
  #head: number;
  #next: number;
  #turn: Promise<void> = Promise.resolve();
  /** What is done with could not be removed. */
  #untidy = false;
  #closing: Promise<void> | undefined;

  constructor(deps: EventSpoolDeps) {
    this.#deps = deps;
    this.directory = deps.directory;
    this.#head = deps.head;
    this.#next = deps.next;
    this.recovered = deps.next - deps.head;
    this.#reader = new SpoolReader(deps.segments, (file, at) =>
      this.tell(`"${file}" is damaged at byte ${at}; what cannot be read is skipped`),
    );
  }

  /** Events that are not settled. */
  get pending(): number {
    return this.#next - this.#head;
  }

  /**
   * Adds events, all or none; they are on disk as the spool was told to synchronise when this resolves. One at a time.
   *
   * @param gap - JSON of an event that tells of what is missing before them.
   */
  async append(events: readonly string[], gap?: string): Promise<void> {
    const from = this.#next;
    const frames = events.map((text, index): Frame => ({ kind: 'event', ordinal: from + index, text }));
    await this.#inTurn(async () => {
      await this.#deps.writer.write(
        gap === undefined ? frames : [{ kind: 'gap', ordinal: from, text: gap }, ...frames],
      );
      this.#next += events.length;
    });
  }

  /** The oldest that are not settled, at most `count`. The same again until `settled` is called. */
  async read(count: number): Promise<SpoolHead> {
    // Before the read: what is added meanwhile is not missing.
    const next = this.#next;
    await this.#readAhead(count + 1);
    const [first] = this.#ahead;
    const found = first?.ordinal ?? next;
    const lost = found - this.#head;
    this.#head = found;
    const gap = first?.kind === 'gap' ? first.text : undefined;
    const events: string[] = [];
    for (const { kind, ordinal, text } of this.#ahead.slice(gap === undefined ? 0 : 1)) {
      // What is missing further on is missing there.
      if (kind === 'gap' || ordinal !== found + events.length || events.length === count) break;
      events.push(text);
    }
    return { lost, events, ...(gap !== undefined && { gap }) };
  }

  /** A gap that was read, and the oldest `count` events after it, are settled. Removes the files that are done with. */
  async settled(count: number): Promise<void> {
    const gaps = this.#ahead[0]?.kind === 'gap' ? 1 : 0;
    this.#ahead = this.#ahead.slice(gaps + count);
    this.#head += count;
    // One does not wait for the other: on a full disk it is the files that go which make room.
    const done = await Promise.allSettled([
      this.#deps.checkpoint.write(this.#head),
      this.#inTurn(() => this.#removeDone()),
    ]);
    const failed = done.find((one) => one.status === 'rejected');
    // Nothing is lost by it: what stays is replayed, and found to be in the log.
    if (failed && !this.#untidy) {
      this.tell(`what is in the log could not be removed: ${errorText(failed.reason)}; will retry`);
    }
    this.#untidy = failed !== undefined;
  }

  /** Tells the error hook, a moment later. */
  tell(error: string): void {
    const { onError } = this.#deps;
    if (onError) {
      queueMicrotask(() => onError({ category: 'event_spool_failure', error: `event spool: ${error}` }));
    }
  }

  /** Makes everything reach the disk and lets another process use the directory. A second call joins the first. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#turn;
    try {
      await this.#deps.writer.sync();
    } catch (error) {
      this.tell(`what was spilled may not have reached the disk: ${errorText(error)}`);
    }
    await this.#deps.writer.release();
    await this.#deps.release();
  }

  /** Reads on until `count` frames, or as many as memory should hold, are read; or all. */
  async #readAhead(count: number): Promise<void> {
    for (;;) {
      const bytes = READ_AHEAD_BYTES - this.#ahead.reduce((sum, { text }) => sum + text.length, 0);
      const frames = await this.#reader.next(count - this.#ahead.length, bytes);
      if (frames.length === 0) return;
      // After a restart the oldest file begins with what was settled before: nothing of these says that nothing is left.
      this.#ahead = [...this.#ahead, ...frames.filter(({ ordinal }) => ordinal >= this.#head)];
    }
  }

  /** One after another: a file must not go while it is written to. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #removeDone(): Promise<void> {
    const { segments, writer } = this.#deps;
    for (;;) {
      const [oldest, newer] = segments;
      if (!oldest) return;
      const done = newer ? newer.first <= this.#head : this.pending === 0 && oldest.bytes > 0;
      if (!done) return;
      if (!newer) await writer.release();
      segments.shift();
      await unlink(oldest.file);
    }
  }
}
