import { type Clock, errorText, type RecordsDefinition, type Storage, within } from '@mobkit/core';

/** Whether a runtime can do its work now. */
export interface Readiness {
  readonly ready: boolean;
  /** What stands in the way, for people; empty when nothing does. */
  readonly problems: readonly string[];
}

const probeDefinition: RecordsDefinition = { kind: 'records', name: 'readiness_probe', fields: {} };

/** A store that takes longer than this to keep a record of some bytes is not one to work on. */
const ANSWER_WITHIN_MS = 2_000;

const NO_ANSWER = `The store has not taken a write for ${ANSWER_WITHIN_MS} ms`;

/** Puts that may wait for a store at once, those that were given up among them. */
const MOST_UNDER_WAY = 3;

/** For so long an answer stands: however often it is asked for, the store is written to once in this time. */
const ANSWER_STANDS_MS = 1_000;

/**
 * Tries whether a storage takes writes: puts a small record of its own, and remembers for a second what came of it. A put that
 * is not answered in time is given up, and the next question tries another: the connection of the first may be dead.
 */
export class StorageProbe {
  readonly #put: () => Promise<unknown>;
  readonly #clock: Clock;
  /** Puts that have not come back. */
  #underWay = 0;
  #asking: Promise<string | undefined> | undefined;
  #answer: { readonly atMs: number; readonly problem: string | undefined } | undefined;

  private constructor(put: () => Promise<unknown>, clock: Clock) {
    this.#put = put;
    this.#clock = clock;
  }

  /** @param key - of its record: one for each mob, as mobs may share a storage. */
  static async open(storage: Storage, key: string, clock: Clock): Promise<StorageProbe> {
    await storage.prepare([probeDefinition]);
    const records = storage.records(probeDefinition);
    return new StorageProbe(() => records.put(key, { data: JSON.stringify({ atMs: clock.now() }) }), clock);
  }

  /** What is wrong with the storage; undefined when it took a write. Never rejects. */
  problem(): Promise<string | undefined> {
    const ageMs = this.#answer ? this.#clock.now() - this.#answer.atMs : -1;
    if (this.#answer && ageMs >= 0 && ageMs < ANSWER_STANDS_MS) return Promise.resolve(this.#answer.problem);
    return (this.#asking ??= this.#ask().finally(() => (this.#asking = undefined)));
  }

  async #ask(): Promise<string | undefined> {
    const problem = await this.#try();
    this.#answer = { atMs: this.#clock.now(), problem };
    return problem;
  }

  async #try(): Promise<string | undefined> {
    try {
      // A store that answers nobody is not given more and more to do.
      if (this.#underWay >= MOST_UNDER_WAY) return NO_ANSWER;
      this.#underWay++;
      const put = this.#put().finally(() => this.#underWay--);
      const kept = await within(
        this.#clock,
        ANSWER_WITHIN_MS,
        put.then(() => true),
      );
      return kept ? undefined : NO_ANSWER;
    } catch (error) {
      return `The store takes no writes: ${errorText(error)}`;
    }
  }
}
