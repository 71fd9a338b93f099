import { type Clock, type ErrorEvent, type ErrorHook, errorText } from '@mobkit/core';

import { answered } from './answered.js';

/** Told of every `ErrorEvent`, one after the other; what it returns is waited for, for so long, before the next. */
export type HostErrorHook = (event: ErrorEvent) => void | Promise<void>;

/** What became of the error events. */
export interface ErrorEventStats {
  readonly delivered: number;
  /** The hook threw or did not answer in time. */
  readonly failed: number;
  /** The hook was so far behind that they were not kept. */
  readonly dropped: number;
}

/** Events that may wait for a hook that takes its time. */
const MOST_WAITING = 1024;

export interface ErrorEventsDeps {
  readonly hook: HostErrorHook | undefined;
  readonly clock: Clock;
  /** For one event. */
  readonly timeoutMs: number;
}

/**
 * Hands failures to the host's hook in the order they happened, each once, and never holds up who tells of one: a hook that
 * answers at once is called at once, the others wait for it. One that throws, hangs or is behind is counted.
 */
export class ErrorEvents {
  readonly #deps: ErrorEventsDeps;
  readonly #waiting: ErrorEvent[] = [];
  readonly #stats = { delivered: 0, failed: 0, dropped: 0 };
  #last = '';
  #busy = false;
  #delivering: Promise<void> = Promise.resolve();

  constructor(deps: ErrorEventsDeps) {
    this.#deps = deps;
  }

  /** As `ErrorHook`. */
  readonly tell: ErrorHook = (event) => {
    const { hook } = this.#deps;
    if (!hook) return;
    if (this.#waiting.length === MOST_WAITING) {
      this.#stats.dropped += 1;
      return;
    }
    this.#waiting.push(event);
    if (this.#busy) return;
    // Before the hook is called: what it tells of itself has to wait for it, too.
    this.#busy = true;
    this.#delivering = this.#deliver(hook);
  };

  get stats(): ErrorEventStats {
    return { ...this.#stats };
  }

  /** Sentences for the shutdown report; none when every event was delivered. */
  get complaints(): readonly string[] {
    const { failed, dropped } = this.#stats;
    return [
      ...(failed > 0 ? [`The error hook failed ${failed} times, the last: ${this.#last}`] : []),
      ...(dropped > 0 ? [`The error hook was behind: ${dropped} events were not told`] : []),
    ];
  }

  /** Resolves when no event waits. Never rejects. */
  async settled(): Promise<void> {
    while (this.#busy) await this.#delivering;
  }

  async #deliver(hook: HostErrorHook): Promise<void> {
    const { clock, timeoutMs } = this.#deps;
    for (let event = this.#waiting[0]; event; event = this.#waiting[0]) {
      try {
        const answer = hook(event);
        if (answer) await answered(() => answer, { clock, timeoutMs, background: true });
        this.#stats.delivered += 1;
      } catch (error) {
        this.#stats.failed += 1;
        this.#last = errorText(error);
      }
      this.#waiting.shift();
    }
    this.#busy = false;
  }
}
