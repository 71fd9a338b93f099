import { type Clock, MobError } from '@mobkit/core';

/** Without anything new from a model for so long, its answer is given up. */
export const STREAM_INACTIVITY_MS = 300_000;

/** Waits for the pieces of one answer: no longer than until the run is aborted or the model has been silent for too long. */
export class StreamWatch {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #lastMs: number;
  #cancelTimer: () => void;
  #reject: (error: unknown) => void = () => {};
  #broken: { readonly error: unknown } | undefined;
  readonly #onAbort = () => this.#break(this.#signal.reason);

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#lastMs = clock.now();
    this.#cancelTimer = this.#watch(STREAM_INACTIVITY_MS);
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort);
  }

  /** What the reading of the answer gives; it is left to itself when that takes too long. Call it once. @throws as `heard`. */
  over<T>(reading: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      if (this.#broken) reject(this.#broken.error);
      reading.then(resolve, reject);
    });
  }

  /** Call it for every piece. @throws the reason of the signal; MobError `MOB_LLM_FAILED` after a silence. */
  heard(): void {
    if (this.#broken) throw this.#broken.error;
    this.#lastMs = this.#clock.now();
  }

  end(): void {
    this.#cancelTimer();
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  #watch(delayMs: number): () => void {
    return this.#clock.after(delayMs, () => {
      const leftMs = this.#lastMs + STREAM_INACTIVITY_MS - this.#clock.now();
      if (leftMs > 0) this.#cancelTimer = this.#watch(leftMs);
      else this.#break(silent());
    });
  }

  #break(error: unknown): void {
    this.#broken ??= { error };
    this.#reject(error);
  }
}

function silent(): MobError {
  const message = `The model said nothing for ${STREAM_INACTIVITY_MS / 1000} s`;
  return new MobError('MOB_LLM_FAILED', message, { retryable: true, details: { kind: 'timeout' } });
}
