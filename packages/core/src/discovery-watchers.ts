import type { DiscoveryWatcher } from './discovery.js';
import type { MobError } from './errors.js';

/** Those who watch a source: keeps what `Discovery.watch` promises about telling them, for whoever writes a source. */
export class DiscoveryWatchers {
  readonly #watchers = new Set<{ readonly watcher: DiscoveryWatcher }>();
  #failing = false;

  /** Whether anybody watches. */
  get any(): boolean {
    return this.#watchers.size > 0;
  }

  /** Whether the last that was told is an error. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Returns what ends it, which may be called twice. */
  add(watcher: DiscoveryWatcher): () => void {
    if (!this.any) this.#failing = false;
    // An object of its own: the same watcher may watch twice.
    const own = { watcher };
    this.#watchers.add(own);
    return () => void this.#watchers.delete(own);
  }

  changed(): void {
    this.#failing = false;
    for (const { watcher } of Array.from(this.#watchers)) watcher.onChange();
  }

  /** Tells the first of errors in a row. */
  failed(error: MobError): void {
    if (this.#failing) return;
    this.#failing = true;
    for (const { watcher } of Array.from(this.#watchers)) watcher.onError?.(error);
  }

  /** Nobody watches any more. */
  clear(): void {
    this.#watchers.clear();
  }
}
