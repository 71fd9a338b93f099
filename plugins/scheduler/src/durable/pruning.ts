import type { Clock } from '@mobkit/core';

const EVERY_MS = 3_600_000;

interface PruningDeps {
  readonly clock: Clock;
  readonly prune: (signal: AbortSignal) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Prunes at the start and once an hour, one round at a time. */
export class Pruning {
  readonly #deps: PruningDeps;
  readonly #ended = new AbortController();
  #round: Promise<void> | undefined;
  #cancel = () => {};

  constructor(deps: PruningDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { clock, prune, onError } = this.#deps;
    const { signal } = this.#ended;
    if (signal.aborted) return;
    this.#cancel = clock.after(EVERY_MS, () => this.start(), { background: true });
    this.#round ??= prune(signal)
      .catch(onError)
      .finally(() => (this.#round = undefined));
  }

  /** Resolves when the round under way has ended, which is soon. */
  async stop(): Promise<void> {
    this.#ended.abort();
    this.#cancel();
    await this.#round;
  }
}
