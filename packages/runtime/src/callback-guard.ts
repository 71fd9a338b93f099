import { errorText } from '@mobkit/core';

/** Calls what others gave us, so that one that throws harms nobody; it is counted. */
export class CallbackGuard {
  #failures = 0;
  #last = '';

  run(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#failures += 1;
      this.#last = errorText(error);
    }
  }

  /** One sentence for the shutdown report; none when nothing threw. */
  get complaints(): readonly string[] {
    if (this.#failures === 0) return [];
    return [`Listeners threw, ${this.#failures} in all, the last: ${this.#last}`];
  }
}
