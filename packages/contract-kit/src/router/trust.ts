import type { Resolution } from '@mobkit/core/ops';
import { expect } from 'vitest';

import type { RouterPromise } from './promise.js';
import { route, VALID_FOR_MS } from './stage.js';

const untrusted = (reason: string) => ({ code: 'MOB_ROUTE_UNTRUSTED', details: { reason } });

/** What a router promises of the resolutions that it gave out. */
export const trustPromises: readonly RouterPromise[] = [
  {
    chapter: 'trust',
    title:
      'believes what was given out, here, by another process and after a restart, whatever the routes are by then',
    async prove(stage) {
      const router = await stage.router();
      await router.put(route('a'));
      const resolution = await router.resolve({ recipient: 'ops' });
      const again = await router.resolve({ recipient: 'ops' });
      expect(again.routeId).not.toBe(resolution.routeId);
      await router.table.delete('a');
      const { routeKey, ...without } = resolution;
      expect(routeKey).toBe('a');
      for (const each of [router, await stage.another(), await stage.router()]) {
        await each.router.verify(resolution);
        await each.router.verify(without);
        await each.router.verify(again);
      }
    },
  },
  {
    chapter: 'unknown',
    title: 'knows no route id that it never gave out, nor one of another mob',
    async prove(stage) {
      const router = await stage.router();
      const resolution = await router.resolve({ recipient: 'user@example.com' });
      const { routeId } = resolution;
      for (const id of ['route-000000', '', `${routeId}0`, routeId.slice(0, -1), routeId.toUpperCase()]) {
        const verified = router.router.verify({ ...resolution, routeId: id });
        await expect(verified).rejects.toMatchObject(untrusted('unknown'));
      }
      const other = await stage.router({ mobId: 'other' });
      await expect(other.router.verify(resolution)).rejects.toMatchObject(untrusted('unknown'));
    },
  },
  {
    chapter: 'forged',
    title: 'notices each field that is not as it was given out',
    async prove(stage) {
      const router = await stage.router();
      await router.put(route('a'));
      const resolution = await router.resolve({ recipient: 'ops' });
      const changes: readonly Partial<Resolution>[] = [
        { recipient: 'else' },
        { channel: 'alert' },
        { sink: 'webhook' },
        { targetModule: 'mine' },
        { retryMax: 9 },
        { backoffMs: 1 },
        { rateLimitPerMinute: 1000 },
        { routeKey: 'b' },
      ];
      for (const change of changes) {
        const verified = router.router.verify({ ...resolution, ...change });
        await expect(verified).rejects.toMatchObject(untrusted('forged'));
      }
    },
  },
  {
    chapter: 'expired',
    title: 'believes a resolution for a time, and tells a forgery from an old one',
    async prove(stage) {
      const { router } = await stage.router();
      const resolution = await router.resolve({ recipient: 'user@example.com' });
      stage.clock.advance(VALID_FOR_MS - 1);
      await router.verify(resolution);
      stage.clock.advance(1);
      await expect(router.verify(resolution)).rejects.toMatchObject(untrusted('expired'));
      await expect(router.verify({ ...resolution, sink: 'log' })).rejects.toMatchObject(untrusted('forged'));
    },
  },
  {
    chapter: 'told',
    title: 'tells of each resolution before its caller has it, and of none that failed, until that is ended',
    async prove(stage) {
      const { router } = await stage.router();
      const told: Resolution[] = [];
      const end = router.onResolved((resolution) => told.push(resolution));
      const given = await router.resolve({ recipient: 'user@example.com' });
      expect(told).toEqual([given]);
      await expect(router.resolve({ recipient: 'ops' })).rejects.toMatchObject({
        code: 'MOB_ROUTE_UNRESOLVED',
      });
      end();
      await router.resolve({ recipient: 'user@example.com' });
      expect(told).toHaveLength(1);
    },
  },
];
