/** Runs one thing after the other, in the order they came. What fails does not stop the next. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {
      // Its caller has it; the next in line only waits for the end.
    });
    return result;
  }

  /** Resolves when everything that was given until now has ended. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
