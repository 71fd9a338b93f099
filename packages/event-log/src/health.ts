import {
  type Clock,
  type ErrorEvent,
  type ErrorHook,
  errorText,
  type IngestStats,
  type NewEvent,
} from '@mobkit/core';

import { BUFFER_CAP } from './event-queue.js';

/** Tells the error hook when the way into the log changes between working, failing and dropping. */
export class Health {
  readonly #clock: Clock;
  readonly #onError: ErrorHook | undefined;
  /** What appends fail with; undefined while they work. */
  #failing: { readonly sinceMs: number; error: unknown } | undefined;
  /** Events dropped since the oldest began to go; 0 while all are kept. */
  #dropped = 0;
  #lettersFail = false;

  constructor(clock: Clock, onError: ErrorHook | undefined) {
    this.#clock = clock;
    this.#onError = onError;
  }

  get isFailing(): boolean {
    return this.#failing !== undefined;
  }

  /** Why nothing reaches the log now. */
  get failing(): IngestStats['failing'] {
    return this.#failing && { sinceMs: this.#failing.sinceMs, error: textOf(this.#failing.error) };
  }

  failed(error: unknown): void {
    if (this.#failing) {
      this.#failing.error = error;
      return;
    }
    this.#failing = { sinceMs: this.#clock.now(), error };
    this.#tell(() => failure(`${textOf(error)}; will retry`));
  }

  /** An append worked, and `buffered` events are left. */
  worked(buffered: number): void {
    // Not at once: a log a little slower than its events would be told of at every append.
    if (buffered <= BUFFER_CAP / 2) this.#dropped = 0;
    if (!this.#failing) return;
    const downMs = Math.max(this.#clock.now() - this.#failing.sinceMs, 0);
    this.#failing = undefined;
    this.#tell(() => ({ category: 'event_log_flush_recovered', downMs }));
  }

  overflowed(): void {
    if (this.#dropped++ > 0) return;
    // Put together when it is told: the rest of a burst is counted too.
    this.#tell(() => {
      const why = this.#failing ? textOf(this.#failing.error) : 'the log is slower than what it is given';
      return failure(`${why}; dropped ${this.#dropped} oldest so far, ${BUFFER_CAP} are kept; will retry`);
    });
  }

  refused(event: NewEvent, error: unknown): void {
    // It may be refused for being no text.
    const given: unknown = event.id;
    const id = String(given);
    this.#tell(() => failure(`${textOf(error)}; dropped event "${id}", which the log refuses`));
  }

  /** Given something that is no event. */
  unusable(event: unknown): void {
    this.#tell(() => failure(`was given ${String(event)} instead of an event`));
  }

  gapRefused(error: unknown): void {
    this.#tell(() => failure(`${textOf(error)}; the log refuses the event that tells of dropped ones`));
  }

  /** A refused event that is kept nowhere. */
  letterLost(id: string | undefined): void {
    this.#tell(() =>
      failure(`dropped event ${id === undefined ? '' : `"${id}" `}is not among the dead letters`),
    );
  }

  letterFailed(error: unknown): void {
    if (this.#lettersFail) return;
    this.#lettersFail = true;
    this.#tell(() => failure(`${textOf(error)}; dead letters wait; will retry`));
  }

  letterKept(): void {
    this.#lettersFail = false;
  }

  filterFailed(error: unknown): void {
    this.#tell(() => failure(`the filter threw ${textOf(error)}; events it throws at are kept`));
  }

  #tell(event: () => ErrorEvent): void {
    const tell = this.#onError;
    // On its own: a hook that throws must not stop a flush, nor reach whoever called `ingest`.
    if (tell) queueMicrotask(() => tell(event()));
  }
}

function failure(text: string): ErrorEvent {
  return { category: 'event_log_flush_failure', error: `event log flush failed: ${text}` };
}

/** With the cause, which says what a store's own sentence does not: `ECONNREFUSED`, `disk I/O error`. */
function textOf(error: unknown): string {
  const text = errorText(error);
  const cause = error instanceof Error && error.cause instanceof Error ? errorText(error.cause) : '';
  return cause === '' ? text : `${text} (${cause})`;
}
