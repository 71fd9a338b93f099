import { MobError } from '@mobkit/core';

/** Who may still begin something: nobody, once the runtime ends or its mob is another's. */
export class Admission {
  readonly #lost: AbortSignal;
  readonly #over = new AbortController();

  /** @param lost - As `UnifiedRuntime.lost`. */
  constructor(lost: AbortSignal) {
    this.#lost = lost;
  }

  /** Aborted when the runtime ends. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** @throws MobError `MOB_LEASE_LOST`, `MOB_SHUTTING_DOWN`. */
  expect(what: string): void {
    if (this.#lost.aborted) {
      const cause = this.#lost.reason as MobError;
      const { message, details } = cause;
      throw new MobError('MOB_LEASE_LOST', `Cannot ${what}: ${message}`, { cause, details });
    }
    if (!this.#over.signal.aborted) return;
    throw new MobError('MOB_SHUTTING_DOWN', `Cannot ${what}: the runtime is shutting down`);
  }

  close(): void {
    this.#over.abort(new MobError('MOB_SHUTTING_DOWN', 'The runtime is shutting down'));
  }
}
