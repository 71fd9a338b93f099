import type { Route } from '@mobkit/core/ops';
import { expect } from 'vitest';

import type { RouterPromise } from './promise.js';
import { route } from './stage.js';

/** What a router whose routes may change promises of them. */
export const tablePromises: readonly RouterPromise[] = [
  {
    chapter: 'table',
    title: 'adds, replaces and takes away by key, and answers what is kept and what was',
    async prove(stage) {
      const { table } = await stage.router();
      const full = {
        ...route('full', { channel: 'alert', targetModule: 'mine' }),
        retryMax: 10,
        backoffMs: 0,
        rateLimitPerMinute: 2 ** 32 - 1,
      };
      expect(await table.put({ ...full, routeKey: ' full ', sink: ' log' })).toEqual(full);
      expect(await table.put(route('bare'))).toEqual(route('bare'));
      expect(await table.routes()).toEqual([route('bare'), full]);
      await table.put(route('full', { sink: 'pager' }));
      expect(await table.delete('full')).toEqual(route('full', { sink: 'pager' }));
      expect(await table.delete('full')).toBeUndefined();
      expect(await table.routes()).toEqual([route('bare')]);
    },
  },
  {
    chapter: 'refused',
    title: 'refuses a route that cannot be meant, names the field, and keeps what there was',
    async prove(stage) {
      const router = await stage.router();
      await router.put(route('a'));
      const wrong: readonly [keyof Route, Partial<Route>][] = [
        ['routeKey', { routeKey: ' ' }],
        ['routeKey', { routeKey: 'k'.repeat(257) }],
        ['recipient', { recipient: '' }],
        ['recipient', { recipient: 'a\0b' }],
        ['channel', { channel: ' ' }],
        ['sink', { sink: '' }],
        ['targetModule', { targetModule: '' }],
        ['retryMax', { retryMax: 11 }],
        ['backoffMs', { backoffMs: -1 }],
        ['rateLimitPerMinute', { rateLimitPerMinute: 0 }],
      ];
      for (const [field, given] of wrong) {
        const put = router.table.put({ ...route('a', { sink: 'pager' }), ...given });
        await expect(put).rejects.toMatchObject({ code: 'MOB_REQUEST_INVALID', details: { field } });
      }
      expect(await router.table.routes()).toEqual([route('a')]);
    },
  },
  {
    chapter: 'fixed',
    title:
      'puts fixed routes first, and hides a kept one of the same key for as long as there is a fixed one',
    async prove(stage) {
      const before = await stage.router();
      await before.put(route('a', { sink: 'kept' }), route('b', { sink: 'kept' }));
      const fixed = [route('z', { sink: 'fixed' }), route('b', { recipient: 'lead', sink: 'fixed' })];
      const router = await stage.router({ fixed });
      expect(await router.keys()).toEqual(['z', 'b', 'a']);
      expect(await router.table.routes()).toEqual([route('a', { sink: 'kept' })]);
      expect(await router.keyFor('ops')).toBe('z');
      const conflict = { code: 'MOB_CONFLICT', details: { routeKey: 'b' } };
      await expect(router.table.put(route('b'))).rejects.toMatchObject(conflict);
      await expect(router.table.delete(' b')).rejects.toMatchObject(conflict);
      const after = await stage.router();
      expect(await after.table.delete('b')).toEqual(route('b', { sink: 'kept' }));
    },
  },
  {
    chapter: 'shared',
    title: 'counts what another process changed from its next message on',
    async prove(stage) {
      const [one, other] = [await stage.router(), await stage.another()];
      await one.put(route('a'));
      expect(await other.keyFor('ops')).toBe('a');
      await other.put(route('a', { sink: 'pager' }));
      expect((await one.resolve({ recipient: 'ops' })).sink).toBe('pager');
      const taken = await Promise.all([one.table.delete('a'), other.table.delete('a')]);
      expect(taken.filter((each) => each !== undefined)).toHaveLength(1);
      await expect(one.resolve({ recipient: 'ops' })).rejects.toMatchObject({ code: 'MOB_ROUTE_UNRESOLVED' });
    },
  },
  {
    chapter: 'mobs',
    title: 'keeps the routes of several mobs in one storage apart',
    async prove(stage) {
      const [one, other] = [await stage.router(), await stage.router({ mobId: 'other' })];
      await one.put(route('a'));
      await other.put(route('a', { sink: 'pager' }), route('b'));
      expect(await one.keys()).toEqual(['a']);
      expect(await other.table.delete('a')).toMatchObject({ sink: 'pager' });
      expect(await one.keyFor('ops')).toBe('a');
    },
  },
  {
    chapter: 'many',
    title: 'keeps more routes than a page of the storage holds',
    async prove(stage) {
      const router = await stage.router();
      const keys = Array.from({ length: 258 }, (_, n) => `key-${String(n).padStart(3, '0')}`);
      await Promise.all(keys.map((key) => router.table.put(route(key, { recipient: `to-${key}` }))));
      expect(await router.keys()).toEqual(keys);
      expect(await router.keyFor('to-key-257')).toBe('key-257');
    },
  },
];
