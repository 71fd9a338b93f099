import { errorText, isMobError, MobError } from '@mobkit/core';

/** What has to be undone when a start fails, in the order it was done. */
export class Rollback {
  readonly #steps: (() => Promise<void>)[] = [];

  /** Says how to undo what was just done. */
  add(undo: () => Promise<void>): void {
    this.#steps.push(undo);
  }

  /**
   * Undoes everything in reverse, each step once and also when another failed.
   *
   * @returns the error to throw: the given one, or MobError `MOB_ROLLBACK_FAILED` with it as `cause` when undoing failed too.
   */
  async undo(startError: unknown): Promise<unknown> {
    const failures: string[] = [];
    for (const step of this.#steps.splice(0).toReversed()) {
      try {
        await step();
      } catch (error) {
        failures.push(errorText(error));
      }
    }
    if (failures.length === 0) return startError;
    const message = `${errorText(startError)} (and what was begun could not be undone: ${failures.join('; ')})`;
    return new MobError('MOB_ROLLBACK_FAILED', message, {
      cause: startError,
      details: {
        ...(isMobError(startError) && { startCode: startError.code }),
        rollbackErrors: failures,
      },
    });
  }
}
