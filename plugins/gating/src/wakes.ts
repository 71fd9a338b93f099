/** Wakes who waits for news of something, by its name. */
export class Wakes {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Resolves at the next news of it, or when `signal` is aborted. Ask before you look, or news in between is lost. */
  next(name: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(name) ?? new Set();
      this.#waiting.set(name, waiting);
      const done = () => {
        waiting.delete(done);
        if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name);
        signal.removeEventListener('abort', done);
        resolve();
      };
      waiting.add(done);
      if (signal.aborted) done();
      else signal.addEventListener('abort', done);
    });
  }

  wake(name: string): void {
    for (const done of this.#waiting.get(name) ?? []) done();
  }

  wakeAll(): void {
    for (const name of this.#waiting.keys()) this.wake(name);
  }
}
