import type { CallbackGuard } from '../callback-guard.js';
import type { Drift } from './runtime-shape.js';

/** Those who want to know of drift. */
export class DriftListeners {
  readonly #guard: CallbackGuard;
  readonly #listeners = new Set<(drift: Drift) => void>();

  constructor(guard: CallbackGuard) {
    this.#guard = guard;
  }

  /** Returns what ends it. */
  add(listener: (drift: Drift) => void): () => void {
    const own = (drift: Drift) => listener(drift);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(drift: Drift): void {
    for (const listener of this.#listeners) this.#guard.run(() => listener(drift));
  }
}
