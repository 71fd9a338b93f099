import { isDeepStrictEqual } from 'node:util';

import { isMobError } from '@mobkit/core';
import { expect } from 'vitest';

import { type Asked, context, type Promised, watch, type Watchable } from './source.js';

/** What holds for who watches. */
export function watchingPromises<T extends Watchable, A>({
  ask: askRaw,
  form,
  examples,
}: Asked<T, A>): Promised<T, A>[] {
  const [first, second] = examples;
  const ask = async (source: T) => form(await askRaw(source, context()));
  /** Asks when told to, and only then: `seen` resolves when the answer is what is wanted. */
  const told = (source: T) => {
    let wanted: readonly A[] = [];
    let resolve = () => {};
    const look = async () => {
      const answer = await ask(source).catch(() => undefined);
      if (isDeepStrictEqual(answer, wanted)) resolve();
    };
    const stop = watch(source, { onChange: () => void look() });
    const seen = (next: readonly A[]) => {
      wanted = next;
      return new Promise<void>((done) => (resolve = done));
    };
    return { seen, stop };
  };
  return [
    {
      chapter: 'watching',
      title: 'is possible or not, as the harness says',
      async prove({ source }, { watches }) {
        expect(source.watch !== undefined).toBe(watches);
      },
    },
    {
      chapter: 'watching',
      title: 'tells of each change after it was made',
      notFor: ({ watches }) => !watches,
      async prove({ source, desire }) {
        const { seen, stop } = told(source);
        for (const wanted of [first, second, first]) {
          const done = seen(wanted);
          await desire(wanted);
          await done;
        }
        stop();
        expect(await ask(source)).toEqual(first);
      },
    },
    {
      chapter: 'watching',
      title: 'calls nobody before it has returned',
      notFor: ({ watches }) => !watches,
      async prove({ source, desire }) {
        await desire(first);
        let called = false;
        const stop = watch(source, { onChange: () => (called = true), onError: () => (called = true) });
        const calledAtOnce = called;
        stop();
        expect(calledAtOnce).toBe(false);
      },
    },
    {
      chapter: 'stopping',
      title: 'is for the one who stops, and may be done twice',
      notFor: ({ watches }) => !watches,
      async prove({ source, desire }) {
        let late = 0;
        const stop = watch(source, { onChange: () => late++, onError: () => late++ });
        // Registered later, so told later: when it knows, the one that stopped would have known.
        const { seen, stop: stopOther } = told(source);
        stop();
        stop();
        const before = late;
        for (const wanted of [first, second]) {
          const done = seen(wanted);
          await desire(wanted);
          await done;
        }
        stopOther();
        expect(late).toBe(before);
      },
    },
    {
      chapter: 'stopping',
      title: 'leaves the same watcher that watches twice watching once',
      notFor: ({ watches }) => !watches,
      async prove({ source, desire }) {
        let resolve = () => {};
        const called = new Promise<void>((done) => (resolve = done));
        const watcher = { onChange: () => resolve() };
        const stop = watch(source, watcher);
        const stopOther = watch(source, watcher);
        stop();
        stop();
        await desire(first);
        await called;
        stopOther();
        expect(await ask(source)).toEqual(first);
      },
    },
    {
      chapter: 'errors',
      title: 'are told once, by a MobError, and recovery as a change',
      notFor: ({ watches, tellsFailures = false }) => !watches || !tellsFailures,
      async prove({ source, desire, fail }) {
        const { seen, stop: stopOther } = told(source);
        const started = seen(first);
        await desire(first);
        await started;
        const errors: unknown[] = [];
        let resolve = () => {};
        const failed = new Promise<void>((done) => (resolve = done));
        const stop = watch(source, {
          onChange: () => {},
          onError: (error) => {
            errors.push(error);
            resolve();
          },
        });
        await fail();
        await failed;
        await ask(source).catch(() => undefined);
        const mended = seen(second);
        await desire(second);
        await mended;
        stop();
        stopOther();
        expect(errors.map((error) => isMobError(error))).toEqual([true]);
      },
    },
  ];
}
