import { ManualClock } from '@mobkit/contract-kit';
import type { ModuleEventEnvelope } from '@mobkit/core/ops';
import { expect, it, onTestFinished } from 'vitest';

import { lines, markProcesses } from '../test/support/start-modules.js';
import { configureModules } from './module-config.js';
import { openSession } from './open-session.js';
import { SupervisedModule } from './supervised-module.js';

it('[modules.no-session] counts it as a failure when this process cannot start another, and tries again', async () => {
  const clock = new ManualClock();
  const events: ModuleEventEnvelope[] = [];
  const states: string[] = [];
  const env = [['MOBKIT_TEST_MARK', markProcesses()] as const];
  const config = configureModules([lines('one')], [{ moduleId: 'one', env }]).get('one');
  if (!config) throw new Error('There is no such module');
  let tries = 0;
  const module = new SupervisedModule({
    config,
    limits: { restarts: 1, windowMs: 1000, backoffMs: 0, longestBackoffMs: 0 },
    startTimeoutMs: 60_000,
    graceMs: 0,
    clock,
    sessionOptions: {},
    openSession: async (deps) => {
      tries += 1;
      if (tries !== 2) throw new Error('no descriptor is left');
      return openSession('lines', deps);
    },
    tell: (event) => events.push(event),
    onTransition: ({ to }) => states.push(to),
  });
  onTestFinished(() => module.end(0));
  await module.start();
  expect(states).toEqual(['Starting', 'Failed', 'Restarting', 'Healthy']);
  expect(events).toMatchObject([
    {
      event: {
        eventType: 'supervisor.warning',
        payload: {
          code: 'MOB_PROCESS_FAILED',
          reason: 'spawn_failed',
          error: expect.stringContaining('no descriptor is left') as string,
        },
      },
    },
    { event: { eventType: 'ready' } },
  ]);
  await expect(module.start()).rejects.toMatchObject({
    code: 'MOB_PROCESS_FAILED',
    details: { module: 'one', reason: 'spawn_failed' },
  });
  expect(module.status).toMatchObject({ state: 'Stopped', loaded: false });
});
