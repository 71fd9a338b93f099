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
  /** Resolves when what the source answers is `wanted`, asking only when told to. */
  const told = (source: T, wanted: readonly A[]) => {
    let stop = () => {};
    const seen = new Promise<void>((resolve) => {
      const look = async () => {
        const answer = await ask(source).catch(() => undefined);
        if (isDeepStrictEqual(answer, wanted)) resolve();
      };
      stop = watch(source, { onChange: () => void look() });
    });
    return { seen: seen.finally(() => stop()), stop };
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
        for (const wanted of [first, second, first]) {
          const { seen } = told(source, wanted);
          await desire(wanted);
          await seen;
        }
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
        const { seen } = told(source, first);
        stop();
        stop();
        const before = late;
        await desire(first);
        await seen;
        const again = told(source, second);
        await desire(second);
        await again.seen;
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
        const start = told(source, first);
        await desire(first);
        await start.seen;
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
        const mended = told(source, second);
        await desire(second);
        await mended.seen;
        stop();
        expect(errors.map((error) => isMobError(error))).toEqual([true]);
      },
    },
  ];
}
