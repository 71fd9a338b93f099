import type { DiscoveryContext } from '@mobkit/core';
import { expect } from 'vitest';

import { type Asked, context, type Promised } from './source.js';

/** What holds for every answer, whatever is asked. */
export function askingPromises<T, A>({ ask: askRaw, form, examples }: Asked<T, A>): Promised<T, A>[] {
  const [first, second] = examples;
  const ask = async (source: T, given: DiscoveryContext) => form(await askRaw(source, given));
  return [
    {
      chapter: 'answer',
      title: 'is empty when nothing is desired',
      async prove({ source }) {
        expect(await ask(source, context())).toEqual([]);
      },
    },
    {
      chapter: 'fresh',
      title: 'is found anew by each call',
      async prove({ source, desire }) {
        await desire(first);
        expect(await ask(source, context())).toEqual(first);
        await desire(second);
        expect(await ask(source, context({ trigger: 'reconcile', data: { any: ['thing'] } }))).toEqual(
          second,
        );
        await desire([]);
        expect(await ask(source, context({ trigger: 'rediscover', data: null }))).toEqual([]);
      },
    },
    {
      chapter: 'own',
      title: 'belongs to the caller, who may change it',
      async prove({ source, desire }) {
        await desire(first);
        const answer = (await askRaw(source, context())) as A[];
        for (const one of answer) spoil(one);
        if (!Object.isFrozen(answer)) answer.pop();
        expect(await ask(source, context())).toEqual(first);
      },
    },
    {
      chapter: 'overlap',
      title: 'is whole for each of several callers at once',
      async prove({ source, desire }) {
        await desire(first);
        const answers = await Promise.all(Array.from({ length: 8 }, () => ask(source, context())));
        expect(answers).toEqual(Array.from({ length: 8 }, () => first));
      },
    },
    {
      chapter: 'failure',
      title: 'is an error as long as the source cannot know, and right again afterwards',
      async prove({ source, desire, fail }) {
        await desire(first);
        await ask(source, context());
        await fail();
        expect(await thrownBy(ask(source, context()))).toBeInstanceOf(Error);
        expect(await thrownBy(ask(source, context()))).toBeInstanceOf(Error);
        await desire(second);
        expect(await ask(source, context())).toEqual(second);
      },
    },
    {
      chapter: 'signal',
      title: 'is not looked for when nobody wants it any more, and others get theirs',
      async prove({ source, desire }) {
        await desire(first);
        const reason = new Error('no longer wanted');
        const aborted = ask(source, context({ signal: AbortSignal.abort(reason) }));
        expect(await thrownBy(aborted)).toBe(reason);
        expect(await ask(source, context())).toEqual(first);
      },
    },
    {
      chapter: 'signal',
      title: 'is given up as soon as nobody wants it any more',
      notFor: ({ stalls = false }) => !stalls,
      async prove({ source, desire, stall }) {
        await desire(first);
        await stall?.();
        const wanted = new AbortController();
        const reason = new Error('no longer wanted');
        const thrown = thrownBy(ask(source, context({ signal: wanted.signal })));
        wanted.abort(reason);
        expect(await thrown).toBe(reason);
      },
    },
    {
      chapter: 'closing',
      title: 'may be done twice',
      async prove({ close }) {
        await close();
        await close();
        expect(true).toBe(true);
      },
    },
  ];
}

/** Not `rejects` of vitest, which holds a test up until the promise has settled. */
function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'nothing',
    (error: unknown) => error,
  );
}

/** Changes everything in an answer that can be changed. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  for (const [key, within] of Object.entries(value)) {
    spoil(within);
    Reflect.set(value, key, 'spoilt');
  }
  if (Array.isArray(value)) value.push('spoilt');
  else Reflect.set(value, 'spoilt', 'spoilt');
}
