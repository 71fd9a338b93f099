import { errorText } from '@mobkit/core';

/** Calls what others gave us, so that one that throws harms nobody; it is counted. */
export class CallbackGuard {
  #failures = 0;
  #last = '';

  /** Whether it did not throw. */
  run(call: () => void): boolean {
    try {
      call();
      return true;
    } catch (error) {
      this.#failures += 1;
      this.#last = errorText(error);
      return false;
    }
  }

  /** What was thrown last; empty when nothing was. */
  get lastError(): string {
    return this.#last;
  }

  /** One sentence for the shutdown report; none when nothing threw. */
  get complaints(): readonly string[] {
    if (this.#failures === 0) return [];
    return [`Listeners threw, ${this.#failures} in all, the last: ${this.#last}`];
  }
}
