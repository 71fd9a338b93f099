/** Who waits for appends, by topic. */
export class Wakes {
  readonly #wakes = new Map<string, Set<() => void>>();

  get size(): number {
    return this.#wakes.size;
  }

  subscribe(topic: string, wake: () => void): () => void {
    const own = () => wake();
    const wakes = this.#wakes.get(topic) ?? new Set();
    this.#wakes.set(topic, wakes.add(own));
    return () => {
      wakes.delete(own);
      if (wakes.size === 0 && this.#wakes.get(topic) === wakes) this.#wakes.delete(topic);
    };
  }

  /** A moment later, so that whoever appends is not held up by who reads. */
  wake(topic: string): void {
    for (const wake of this.#wakes.get(topic) ?? []) queueMicrotask(wake);
  }

  wakeAll(): void {
    for (const topic of this.#wakes.keys()) this.wake(topic);
  }
}
