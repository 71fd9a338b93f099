import { expect } from 'vitest';

import type { Watched } from './watched.js';

/** One promise of the contract, and what proves it. */
export interface ModuleHostPromise {
  readonly chapter: string;
  readonly title: string;
  prove(watched: Watched): Promise<void>;
}

const invalid = (module: string) => ({ code: 'MOB_CONFIG_INVALID', details: { module } });

export const moduleHostPromises: readonly ModuleHostPromise[] = [
  {
    chapter: 'start',
    title: 'resolves when each module has started or failed to, and one that fails keeps none of the others',
    async prove(watched) {
      const host = await watched.open('zulu', 'bad', 'alpha');
      expect([host.loaded(), host.healthTransitions()]).toEqual([[], []]);
      await watched.begin(host);
      expect(host.loaded()).toEqual(['alpha', 'zulu']);
      expect(['alpha', 'bad', 'zulu', 'nobody'].map((id) => host.isRunning(id))).toEqual([
        true,
        false,
        true,
        false,
      ]);
      expect(new Set(watched.warned)).toEqual(new Set(['bad']));
      expect(host.modules().map(({ moduleId, loaded }) => [moduleId, loaded])).toEqual([
        ['alpha', true],
        ['bad', false],
        ['zulu', true],
      ]);
    },
  },
  {
    chapter: 'unknown',
    title: 'refuses a module that is not configured before anything has happened',
    async prove(watched) {
      const host = await watched.open('alpha', 'nobody');
      await expect(watched.begin(host)).rejects.toMatchObject(invalid('nobody'));
      await expect(host.reconcile(['alpha', 'nobody'])).rejects.toMatchObject(invalid('nobody'));
      await expect(host.spawn('nobody')).rejects.toMatchObject(invalid('nobody'));
      expect([host.loaded(), host.healthTransitions(), watched.events]).toEqual([[], [], []]);
      expect([host.boundaryOf('alpha') === undefined, host.boundaryOf('nobody')]).toEqual([false, undefined]);
    },
  },
  {
    chapter: 'transitions',
    title: 'tells transitions without a gap, from `Starting`, which comes from nothing',
    async prove(watched) {
      const host = await watched.start('alpha', 'bad');
      for (const id of ['alpha', 'bad']) {
        const its = host.healthTransitions().filter(({ moduleId }) => moduleId === id);
        expect(its[0]).toEqual({ moduleId: id, to: 'Starting', attempt: 0 });
        expect(its.slice(1).map(({ from }) => from)).toEqual(its.slice(0, -1).map(({ to }) => to));
        expect(its.at(-1)?.to).toBe(id === 'alpha' ? 'Healthy' : 'Stopped');
      }
    },
  },
  {
    chapter: 'call',
    title: 'answers calls side by side, each within its deadline, and none after it was given up',
    async prove(watched) {
      const host = await watched.start('alpha');
      const reason = new Error('enough');
      const abort = new AbortController();
      let isOver = false;
      const given = host.call({ moduleId: 'alpha', method: 'hang', signal: abort.signal });
      const outcome = Promise.allSettled([given.finally(() => (isOver = true))]);
      const said = [{ one: 1 }, { two: [null, 'ä'] }];
      const answers = said.map((params) => host.call({ moduleId: 'alpha', method: 'echo', params }));
      expect(await Promise.all(answers)).toEqual(said);
      expect(isOver).toBe(false);
      abort.abort(reason);
      expect(await outcome).toEqual([{ status: 'rejected', reason }]);
      const details = { module: 'alpha', operation: 'call_tool:hang', timeoutMs: 20 };
      await expect(host.call({ moduleId: 'alpha', method: 'hang', timeoutMs: 20 })).rejects.toMatchObject({
        code: 'MOB_MODULE_TIMEOUT',
        details,
      });
      for (const moduleId of ['zulu', 'nobody']) {
        await expect(host.call({ moduleId, method: 'echo' })).rejects.toMatchObject({
          code: 'MOB_MODULE_NOT_LOADED',
          details: { module: moduleId },
        });
      }
    },
  },
  {
    chapter: 'spawn',
    title:
      'starts a module, or ends it and starts it anew; one that does not start is an error and a warning',
    async prove(watched) {
      const host = await watched.start();
      await host.spawn('alpha');
      const hanging = Promise.allSettled([host.call({ moduleId: 'alpha', method: 'hang' })]);
      await host.spawn('alpha');
      const closed = { code: 'MOB_MODULE_CALL_FAILED', details: { reason: 'closed' } };
      expect(await hanging).toMatchObject([{ reason: closed }]);
      expect(host.loaded()).toEqual(['alpha']);
      expect(host.healthTransitions().filter(({ to }) => to === 'Starting')).toHaveLength(2);
      await expect(host.spawn('bad')).rejects.toMatchObject({ details: { module: 'bad' } });
      expect(watched.warned).toContain('bad');
      expect(host.loaded()).toEqual(['alpha']);
    },
  },
  {
    chapter: 'reconcile',
    title: 'starts what is not loaded, in order, ends nothing, and stops at the first that does not start',
    async prove(watched) {
      const host = await watched.start('zulu');
      await expect(host.reconcile(['zulu', 'bad', 'alpha'])).rejects.toMatchObject({
        details: { module: 'bad' },
      });
      expect(host.loaded()).toEqual(['zulu']);
      expect(await host.reconcile(['alpha', 'zulu'])).toBe(1);
      expect(await host.reconcile([])).toBe(0);
      expect(host.loaded()).toEqual(['alpha', 'zulu']);
      expect(host.healthTransitions().filter(({ moduleId }) => moduleId === 'zulu')).toHaveLength(2);
    },
  },
  {
    chapter: 'shutdown',
    title: 'ends all, names those that were loaded, and starts nothing more',
    async prove(watched) {
      const host = await watched.start('zulu', 'bad', 'alpha');
      const hanging = Promise.allSettled([host.call({ moduleId: 'alpha', method: 'hang' })]);
      const report = await host.shutdown({ deadlineMs: 2000 });
      expect(report).toEqual({ terminatedModules: ['alpha', 'zulu'], orphanProcesses: 0 });
      expect(await host.shutdown({ deadlineMs: 0 })).toEqual(report);
      expect(await hanging).toMatchObject([{ status: 'rejected' }]);
      expect([host.loaded(), host.isRunning('alpha')]).toEqual([[], false]);
      await expect(host.spawn('alpha')).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
      await expect(host.reconcile(['zulu'])).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
    },
  },
  {
    chapter: 'unstarted',
    title: 'can be shut down without having been started',
    async prove(watched) {
      const host = await watched.open('alpha');
      expect(await host.shutdown({ deadlineMs: 0 })).toEqual({ terminatedModules: [], orphanProcesses: 0 });
    },
  },
  {
    chapter: 'events',
    title: 'has ids of events that are all different, also when a module begins anew',
    async prove(watched) {
      const host = await watched.start('alpha', 'zulu');
      await host.spawn('alpha');
      const ids = watched.events.map(({ eventId }) => eventId);
      expect(ids.length).toBeGreaterThanOrEqual(3);
      expect(new Set(ids).size).toBe(ids.length);
    },
  },
];
