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
    this.expectOurs(what);
    if (!this.#over.signal.aborted) return;
    throw new MobError('MOB_SHUTTING_DOWN', `Cannot ${what}: the runtime is shutting down`);
  }

  /** For what a runtime that ends may still do, as long as the mob is its own. @throws MobError `MOB_LEASE_LOST`. */
  expectOurs(what: string): void {
    if (!this.#lost.aborted) return;
    const cause = this.#lost.reason as MobError;
    const { message, details } = cause;
    throw new MobError('MOB_LEASE_LOST', `Cannot ${what}: ${message}`, { cause, details });
  }

  close(): void {
    this.#over.abort(new MobError('MOB_SHUTTING_DOWN', 'The runtime is shutting down'));
  }
}
