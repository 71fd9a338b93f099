import { type Clock, delay, type DiscoveryWatchers, errorText, isMobError, MobError } from '@mobkit/core';

export interface RefreshDeps {
  readonly everyMs: number;
  readonly clock: Clock;
  readonly watchers: DiscoveryWatchers;
  /** What is answered now. @throws when it cannot be used, or by the signal. */
  readonly check: (signal: AbortSignal) => Promise<string>;
}

/** Asks now and then, and tells when the answer is another. The first answer is told too: nobody knows what was before. */
export class Refresh {
  readonly #deps: RefreshDeps;
  #run: AbortController | undefined;

  constructor(deps: RefreshDeps) {
    this.#deps = deps;
  }

  /** Does nothing when it is started. */
  start(): void {
    if (this.#run) return;
    this.#run = new AbortController();
    void this.#repeat(this.#run.signal);
  }

  stop(): void {
    this.#run?.abort();
    this.#run = undefined;
  }

  /** Never rejects. */
  async #repeat(signal: AbortSignal): Promise<void> {
    const { everyMs, clock, watchers, check } = this.#deps;
    let told: string | undefined;
    for (;;) {
      // A pause between, and not a pace: a slow address is not asked again before it has answered.
      await delay(clock, everyMs, signal, { background: true });
      if (signal.aborted) return;
      try {
        const text = await check(signal);
        if (signal.aborted) return;
        if (text === told && !watchers.failing) continue;
        told = text;
        watchers.changed();
      } catch (cause) {
        if (signal.aborted) return;
        watchers.failed(
          isMobError(cause)
            ? cause
            : new MobError('MOB_DISCOVERY_UNAVAILABLE', errorText(cause), { cause, retryable: true }),
        );
      }
    }
  }
}
