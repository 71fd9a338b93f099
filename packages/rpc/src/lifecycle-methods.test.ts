import { MobError } from '@mobkit/core';
import type { MobState } from '@mobkit/core/mob';
import type { UnifiedRuntime } from '@mobkit/runtime';
import { expect, it } from 'vitest';

import { createRpcHandler } from './rpc-handler.js';

/** A mob that goes where it is told, from Running only. */
function served() {
  let state: MobState = 'Running';
  const to = (next: MobState) => async () => {
    if (state !== 'Running')
      throw new MobError('MOB_INVALID_TRANSITION', 'not Running', { details: { state } });
    state = next;
  };
  const report = { forceDestroyedMembers: ['one'], sessionsCleared: true, eventsCleared: true, errors: [] };
  const mob = {
    mobId: 'demo',
    status: async () => state,
    stop: to('Stopped'),
    resume: to('Running'),
    complete: to('Completed'),
    reset: to('Running'),
    destroy: async () => (await to('Destroyed')(), report),
  };
  const rpc = createRpcHandler({ runtime: { mob } as unknown as UnifiedRuntime });
  return (method: string, params?: object) =>
    rpc.handle({ jsonrpc: '2.0', id: 1, method, ...(params && { params }) });
}

it.each([
  ['mobkit/stop', 'Stopped'],
  ['mobkit/resume', 'Running'],
  ['mobkit/complete', 'Completed'],
  ['mobkit/reset', 'Running'],
  ['mobkit/destroy', 'Destroyed'],
])('[lifecycle.rpc] %s moves the mob and answers where it is', async (method, state) => {
  expect(await served()(method)).toMatchObject({
    result: { accepted: true, mob_id: 'demo', mob_state: state },
  });
  expect(await served()(method, { force: true })).toMatchObject({
    error: { data: { kind: 'invalid_params' } },
  });
});

it('[lifecycle.rpc] answers the report of a destroy, and a refusal as such', async () => {
  const call = served();
  expect(await call('mobkit/destroy')).toMatchObject({
    result: { report: { force_destroyed_members: ['one'], events_cleared: true } },
  });
  expect(await call('mobkit/stop')).toMatchObject({ error: { data: { kind: 'invalid_transition' } } });
});

it('[rpc.status-lost] says who has the mob now', async () => {
  const lost = { owner: 'other', error: 'Mob "demo" is run by other now' };
  const status = async () => ({
    running: false,
    mobId: 'demo',
    mobState: 'Running',
    loadedModules: [],
    lost,
  });
  const none = () => undefined;
  const runtime = { status, ingestStats: none, archiveStatus: none } as unknown as UnifiedRuntime;
  const answer = await createRpcHandler({ runtime }).handle({
    jsonrpc: '2.0',
    id: 1,
    method: 'mobkit/status',
  });
  expect(answer).toMatchObject({ result: { running: false, lost } });
});
