import type { ModuleHost } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { MemoryModules } from '../../test/memory-modules.js';
import { moduleHostPromises } from './promises.js';
import { Watched } from './watched.js';

type Breaking = (sound: MemoryModules) => Partial<ModuleHost>;

it('[kit.modules-sound] finds nothing wrong with a sound host of modules', async () => {
  expect(await failed(() => ({}))).toEqual([]);
});

const faults: Record<string, [chapters: readonly string[], breaking: Breaking]> = {
  'lists modules as they started': [
    ['start', 'reconcile'],
    (host) => ({ loaded: () => host.loaded().toReversed() }),
  ],
  'says that all of them run': [['start', 'shutdown'], () => ({ isRunning: () => true })],
  'loses transitions': [
    ['reconcile', 'spawn', 'transitions'],
    (host) => ({ healthTransitions: () => host.healthTransitions().slice(1) }),
  ],
  'starts what is known before it refuses': [
    ['reconcile', 'unknown'],
    (host) => ({
      async reconcile(ids) {
        await host.reconcile(ids.filter((id) => id === 'alpha'));
        return host.reconcile(ids);
      },
    }),
  ],
  'answers one call after the other': [
    ['call', 'spawn'],
    (host) => {
      let last: Promise<unknown> = Promise.resolve();
      return {
        call(call) {
          const answer = last.then(() => host.call(call));
          last = answer.catch(() => {});
          return answer;
        },
      };
    },
  ],
  'knows no deadline': [['call'], (host) => ({ call: (call) => host.call({ ...call, timeoutMs: 100 }) })],
  'hides why a call was given up': [
    ['call'],
    (host) => ({
      call: (call) =>
        host.call(call).catch((error: unknown) => {
          throw call.signal?.aborted ? new Error('aborted') : error;
        }),
    }),
  ],
  'counts those that were loaded before': [
    ['reconcile'],
    (host) => ({ reconcile: async (ids) => (await host.reconcile(ids)) && ids.length }),
  ],
  'takes a start that failed for one that did not': [
    ['spawn', 'unknown', 'shutdown'],
    (host) => ({ spawn: (id) => host.spawn(id).catch(() => {}) }),
  ],
  'names nobody at its end': [
    ['shutdown'],
    (host) => ({ shutdown: async () => ({ ...(await host.shutdown()), terminatedModules: [] }) }),
  ],
  'repeats the ids of events': [
    ['events'],
    (host) => ({
      start: ({ onEvent, ...options }) =>
        host.start({
          ...options,
          onEvent: (event) => onEvent({ ...event, eventId: `evt-${event.event.module}` }),
        }),
    }),
  ],
};

it.for(Object.entries(faults))(
  '[kit.modules-faults] notices, by its chapters, a host of modules that %s',
  async ([, [chapters, breaking]]) => {
    expect(await failed(breaking)).toEqual(chapters.toSorted());
  },
);

async function failed(breaking: Breaking): Promise<readonly string[]> {
  const open = (wanted: readonly string[]): ModuleHost => {
    const host = new MemoryModules(wanted);
    return Object.assign(Object.create(host.sound()) as ModuleHost, breaking(host));
  };
  const names = await Promise.all(
    moduleHostPromises.map(async ({ chapter, prove }) => {
      const watched = new Watched({ name: 'memory', open });
      try {
        await prove(watched);
        return [];
      } catch {
        return [chapter];
      }
    }),
  );
  return names.flat().toSorted();
}
