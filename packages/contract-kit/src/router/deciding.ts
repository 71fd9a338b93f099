import { MobError } from '@mobkit/core';
import type { ResolveRequest, RouteAdvice, RouteAdvisor } from '@mobkit/core/ops';
import { expect } from 'vitest';

import type { RouterPromise } from './promise.js';
import { route } from './stage.js';

const advising = (advice: RouteAdvice | undefined): (() => RouteAdvisor) => {
  return () => ({ advise: async () => advice });
};

/** What a router promises of where messages go. */
export const decidingPromises: readonly RouterPromise[] = [
  {
    chapter: 'form',
    title: 'takes the sink that the form of a recipient says, and asks for a route to a mere name',
    async prove(stage) {
      const router = await stage.router();
      const sinkOf = async (recipient: string) => (await router.resolve({ recipient })).sink;
      expect(await sinkOf('user@example.com')).toBe('email');
      expect(await sinkOf('+4930123456')).toBe('sms');
      expect(await sinkOf('https://user@example.com/hook')).toBe('webhook');
      expect(await sinkOf('http://example.com')).toBe('webhook');
      await expect(router.resolve({ recipient: 'ops' })).rejects.toMatchObject({
        code: 'MOB_ROUTE_UNRESOLVED',
        details: { recipient: 'ops', channel: 'notification', knownRecipients: [] },
      });
    },
  },
  {
    chapter: 'defaults',
    title: 'answers everything, with what counts where nobody says anything else',
    async prove(stage) {
      const router = await stage.router();
      expect(await router.resolve({ recipient: ' user@example.com ' })).toEqual({
        routeId: expect.any(String),
        recipient: 'user@example.com',
        channel: 'notification',
        sink: 'email',
        targetModule: 'delivery',
        retryMax: 1,
        backoffMs: 250,
        rateLimitPerMinute: 2,
      });
    },
  },
  {
    chapter: 'precedence',
    title:
      'lets the recipient decide before the channel, a name before any, and the smaller key between equals',
    async prove(stage) {
      const router = await stage.router();
      const all = [
        route('a-both', { recipient: '*', channel: '*' }),
        route('b-channel', { recipient: '*', channel: 'alert' }),
        route('c-recipient', { channel: '*' }),
        route('d-exact', { channel: 'alert' }),
        route('e-exact', { channel: 'alert' }),
      ];
      await router.put(...all.toReversed());
      expect(await router.keys()).toEqual(all.map(({ routeKey }) => routeKey));
      expect(await router.keyFor('ops', 'alert')).toBe('d-exact');
      expect(await router.keyFor('ops', 'news')).toBe('c-recipient');
      expect(await router.keyFor('lead', 'alert')).toBe('b-channel');
      expect(await router.keyFor('lead', 'news')).toBe('a-both');
      expect(await router.keyFor('OPS', 'alert')).toBe('b-channel');
      await router.table.delete('d-exact');
      await router.table.delete('e-exact');
      expect(await router.keyFor('ops', 'alert')).toBe('c-recipient');
      await router.put(route('f-absent', { recipient: 'lead' }));
      expect(await router.keyFor('lead', 'alert')).toBe('f-absent');
    },
  },
  {
    chapter: 'route',
    title: 'takes sink, module and limits of the route, and what else was asked for',
    async prove(stage) {
      const router = await stage.router();
      const before = await router.resolve({ recipient: 'user@example.com' });
      await router.put(
        route('mail', {
          recipient: 'user@example.com',
          sink: 'log',
          targetModule: 'mine',
          retryMax: 0,
          rateLimitPerMinute: 9,
        }),
      );
      const request = { recipient: 'user@example.com', retryMax: 10, backoffMs: 5, rateLimitPerMinute: 3 };
      expect(await router.resolve(request)).toMatchObject({
        routeKey: 'mail',
        sink: 'log',
        targetModule: 'mine',
        retryMax: 0,
        backoffMs: 5,
        rateLimitPerMinute: 9,
      });
      await router.table.delete('mail');
      const after = await router.resolve({ recipient: 'user@example.com' });
      expect({ ...after, routeId: '' }).toEqual({ ...before, routeId: '' });
    },
  },
  {
    chapter: 'arguments',
    title: 'refuses what cannot be meant as a mistake of the caller',
    async prove(stage) {
      const router = await stage.router();
      const wrong: readonly Partial<ResolveRequest>[] = [
        { recipient: ' ' },
        { channel: '' },
        { retryMax: 11 },
        { retryMax: -1 },
        { retryMax: 0.5 },
        { backoffMs: -1 },
        { rateLimitPerMinute: 0 },
        { rateLimitPerMinute: 2 ** 32 },
      ];
      for (const given of wrong) {
        await expect(router.resolve({ recipient: 'user@example.com', ...given })).rejects.toThrow(TypeError);
      }
    },
  },
  {
    chapter: 'advice',
    title: 'takes advice over what was asked for, and routes by the channel that was advised',
    async prove(stage) {
      const advisor = advising({
        channel: ' alert ',
        sink: 'pager',
        targetModule: ' ',
        retryMax: 7,
        backoffMs: 1,
      });
      const router = await stage.router({ advisor });
      expect(
        await router.resolve({ recipient: 'ops', channel: 'news', retryMax: 3, rateLimitPerMinute: 4 }),
      ).toMatchObject({
        channel: 'alert',
        sink: 'pager',
        targetModule: 'delivery',
        retryMax: 7,
        backoffMs: 1,
        rateLimitPerMinute: 4,
      });
      expect((await router.resolve({ recipient: 'user@example.com' })).sink).toBe('pager');
      await router.put(
        route('alerts', { channel: 'alert', retryMax: 2 }),
        route('news', { channel: 'news' }),
      );
      expect(await router.resolve({ recipient: 'ops', channel: 'news' })).toMatchObject({
        routeKey: 'alerts',
        sink: 'log',
        retryMax: 2,
        backoffMs: 1,
      });
      const silent = await stage.router({ advisor: advising(undefined) });
      expect(await silent.keyFor('ops', 'news')).toBe('news');
    },
  },
  {
    chapter: 'advice-failure',
    title: 'resolves nothing when the advice cannot be had, or breaks the limits',
    async prove(stage) {
      const broken = new MobError('MOB_MODULE_TIMEOUT', 'no answer', { details: { operation: 'call' } });
      const advisor = () => ({ advise: () => Promise.reject(broken) });
      const asked = (await stage.router({ advisor })).resolve({ recipient: 'user@example.com' });
      await expect(asked).rejects.toMatchObject({
        code: 'MOB_MODULE_TIMEOUT',
        message: 'router boundary failed: no answer',
        details: { operation: 'call' },
      });
      const greedy = await stage.router({ advisor: advising({ retryMax: 11 }) });
      await expect(greedy.resolve({ recipient: 'user@example.com' })).rejects.toMatchObject({
        code: 'MOB_MODULE_CALL_FAILED',
        details: { field: 'retryMax' },
      });
    },
  },
];
