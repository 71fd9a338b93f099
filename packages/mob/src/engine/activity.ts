/** Counts the work that is under way or waits for its turn, and tells when there is none. */
export class Activity {
  #count = 0;
  #paused = false;
  readonly #waiters = new Set<() => void>();

  /** Counts one piece of work until what is returned is called; calling that again does nothing. */
  begin(): () => void {
    let open = true;
    this.#count += 1;
    return () => {
      if (!open) return;
      open = false;
      this.#count -= 1;
      if (this.#count === 0) this.#tellIdle();
    };
  }

  /** What waits will not be worked on until `resume`: nobody need wait for it. */
  pause(): void {
    this.#paused = true;
    this.#tellIdle();
  }

  resume(): void {
    this.#paused = false;
  }

  /** Resolves when there is no work, or it is paused, or when `signal` is aborted. */
  whenIdle(signal?: AbortSignal): Promise<void> {
    if (this.#count === 0 || this.#paused || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#waiters.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#waiters.add(done);
      signal?.addEventListener('abort', done);
    });
  }

  #tellIdle(): void {
    for (const done of this.#waiters) done();
  }
}
