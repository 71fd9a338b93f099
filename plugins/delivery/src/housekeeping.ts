import type { Clock } from '@mobkit/core';

const EVERY_MS = 3_600_000;

/** So many more deliveries than may be kept, at most, before somebody looks. */
const EVERY_SETTLED = 1_000;

interface HousekeepingDeps {
  readonly clock: Clock;
  readonly prune: (signal: AbortSignal) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Prunes at the start, once an hour, and after every so many deliveries; one round at a time. */
export class Housekeeping {
  readonly #deps: HousekeepingDeps;
  readonly #ended = new AbortController();
  #round: Promise<void> | undefined;
  #settled = 0;
  #cancel = () => {};

  constructor(deps: HousekeepingDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#ended.signal.aborted) return;
    this.#settled = 0;
    this.#cancel();
    this.#cancel = this.#deps.clock.after(EVERY_MS, () => this.start(), { background: true });
    this.#round ??= this.#deps
      .prune(this.#ended.signal)
      .catch(this.#deps.onError)
      .finally(() => (this.#round = undefined));
  }

  /** One more delivery is settled. */
  count(): void {
    if (++this.#settled >= EVERY_SETTLED) this.start();
  }

  /** Resolves when the round under way has ended, which is soon. */
  async stop(): Promise<void> {
    this.#ended.abort();
    this.#cancel();
    await this.#round;
  }
}
