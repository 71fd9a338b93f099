import { MobError } from '@mobkit/core';

/** Opens something when it is first asked for, and again when that failed: a start need not wait until it can be. */
export class OpenedWhenAsked<T> {
  readonly #what: string;
  readonly #open: () => Promise<T>;
  #opened: Promise<T> | undefined;
  #ended = false;

  /** @param what - Is closed, as errors say: `The archive`. */
  constructor(what: string, open: () => Promise<T>) {
    this.#what = what;
    this.#open = open;
  }

  /** @throws MobError `MOB_SHUTTING_DOWN` once it has ended, and what opening throws. */
  async get(): Promise<T> {
    // Whoever calls from outside while the app stops is not to blame.
    if (this.#ended)
      throw new MobError('MOB_SHUTTING_DOWN', `${this.#what} closed: the app is shutting down`);
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  /** Opens nothing more. What is open or being opened, for the caller to close; undefined when nothing is. */
  end(): Promise<T> | undefined {
    this.#ended = true;
    return this.#opened;
  }
}
