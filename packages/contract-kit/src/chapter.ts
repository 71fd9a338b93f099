import { afterEach, beforeEach, describe } from 'vitest';

import { KillableChild } from './child/killable-child.js';
import type { Work } from './child/work.js';
import type { Harness, Opened } from './harness.js';

/** A part of the tests of a contract that stands for one promise. */
export interface Chapter<T> {
  /** Stable: what a capability card calls it. */
  readonly name: string;
  /** Why it does not apply to a store; undefined when it does. @defaultValue it always does */
  readonly notFor?: (harness: Harness<T>) => string | undefined;
  /** Registers its tests. */
  readonly tests: (given: Given<T>) => void;
}

/** What the tests of a chapter work on. */
export interface Given<T> {
  readonly harness: Harness<T>;
  /** The store of the running test, opened anew for it or by `restart`. */
  store(): T;
  close(): Promise<void>;
  /** Closes the store and opens it again. */
  restart(): Promise<T>;
  /** Opens it once more beside what is open. */
  another(): Promise<T>;
  /** Starts a process that writes into it; of a store for one process, the one of the test is closed before. */
  child(work: Work): Promise<KillableChild>;
}

/** Registers the chapters that apply to a store; no report says skipped of the others. */
export function describeContract<T>(
  contract: string,
  harness: Harness<T>,
  chapters: readonly Chapter<T>[],
  prepare: (store: T) => Promise<void> = async () => {},
): void {
  describe(`${contract} contract: ${harness.name}`, () => {
    let own: Opened<T> | undefined;
    const others: { close(): Promise<void> }[] = [];
    const reopen = async () => {
      if (!harness.reopen) throw new TypeError(`${harness.name} has no reopen`);
      const opened = await harness.reopen();
      others.push(opened);
      await prepare(opened);
      return opened;
    };
    const given: Given<T> = {
      harness,
      store() {
        if (!own) throw new Error('The store could not be opened');
        return own;
      },
      close: async () => own?.close(),
      async restart() {
        await own?.close();
        return (own = await reopen());
      },
      another: reopen,
      async child(work) {
        if (!harness.child) throw new TypeError(`${harness.name} has no child`);
        if (harness.supports?.processes !== 'many') await own?.close();
        const child = new KillableChild(harness.child, work);
        others.push({ close: async () => void (await child.kill()) });
        return child;
      },
    };

    beforeEach(async () => {
      own = undefined;
      own = await harness.open();
      others.push(own);
      await prepare(own);
    });
    // Children before the stores they write into.
    afterEach(async () => {
      for (let one = others.pop(); one; one = others.pop()) await one.close();
    });

    const applying = chapters.filter(({ notFor }) => notFor?.(harness) === undefined);
    for (const { name, tests } of applying) {
      // oxlint-disable-next-line vitest/valid-title -- the name of a chapter is its title
      describe(name, () => {
        tests(given);
      });
    }
  });
}

type Offers = Pick<Harness<unknown>, 'reopen' | 'child' | 'supports'>;

export function unlessReopened({ reopen }: Offers): string | undefined {
  return reopen ? undefined : 'the harness has no reopen: what is kept ends with its owner';
}

export function unlessKillable(offers: Offers): string | undefined {
  if (!offers.reopen) return unlessReopened(offers);
  return offers.child ? undefined : 'the harness has no child: no other process can open the store';
}

export function unlessShared({ reopen, supports }: Offers): string | undefined {
  if (supports?.processes !== 'many') return 'the store supports one process';
  return reopen ? undefined : 'the harness has no reopen';
}
