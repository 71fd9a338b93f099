import type { TurnEnd } from './requested-turn.js';

/** Who waits for the ends of turns of one member. */
export class RequestedTurns {
  readonly #sessionId: string;
  readonly #waiters = new Map<string, (end: TurnEnd) => void>();

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  /** Resolves with what `settle` is called with for that input. */
  expect(inputId: string): Promise<TurnEnd> {
    return new Promise((resolve) => this.#waiters.set(inputId, resolve));
  }

  /** Nobody waits for that one any more. */
  forget(inputId: string): void {
    this.#waiters.delete(inputId);
  }

  settle(inputId: string, end: TurnEnd): void {
    this.#waiters.get(inputId)?.(end);
    this.forget(inputId);
  }

  /** Ends that one without a run. */
  cancel(inputId: string, reason: string): void {
    const about = { session_id: this.#sessionId, error_class: 'cancelled', error: reason } as const;
    this.settle(inputId, { type: 'run_failed', ...about });
  }

  cancelAll(reason: string): void {
    for (const inputId of this.#waiters.keys()) this.cancel(inputId, reason);
  }
}
