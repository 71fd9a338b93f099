interface Joint {
  readonly work: unknown;
  readonly items: unknown[];
  answers: Promise<readonly unknown[]>;
}

/** Runs one thing after the other, in the order they came. What fails does not stop the next. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  /** What the next may still join: given last, and not begun. */
  #joint: Joint | undefined;

  run<T>(work: () => Promise<T>): Promise<T> {
    this.#joint = undefined;
    const result = this.#last.then(work);
    this.#last = result.catch(() => {
      // Its caller has it; the next in line only waits for the end.
    });
    return result;
  }

  /**
   * As `run`, but items that are given for the same `work`, one right after the other and before it begins, become one call of
   * it. It answers for each, in their order.
   */
  async runJoined<T, R>(item: T, work: (items: readonly T[]) => Promise<readonly R[]>): Promise<R> {
    let joint = this.#joint;
    if (joint?.work === work) joint.items.push(item);
    else joint = this.#begin(item, work);
    const at = joint.items.length - 1;
    return (await joint.answers)[at] as R;
  }

  /** Resolves when everything that was given until now has ended. */
  async settled(): Promise<void> {
    await this.#last;
  }

  #begin<T, R>(item: T, work: (items: readonly T[]) => Promise<readonly R[]>): Joint {
    const items = [item];
    const answers = this.run(() => {
      if (this.#joint === joint) this.#joint = undefined;
      return work(items);
    });
    const joint: Joint = { work, items, answers };
    this.#joint = joint;
    return joint;
  }
}
