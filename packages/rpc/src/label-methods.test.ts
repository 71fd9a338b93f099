import { expect, it } from 'vitest';

import { served } from '../test/support/call.js';

it('[rpc.labels] sets, gives and deletes the labels of the mob and of a run, each by themselves', async () => {
  const { call, fail } = await served();
  expect(await call('mob_labels/set', { labels: { team: 'red' } })).toEqual({ accepted: true });
  expect(await call('run_labels/set', { run_id: 'run-1', labels: { ticket: '7' } })).toEqual({
    accepted: true,
  });
  expect(await call('mob_labels/get')).toEqual({ labels: { team: 'red' } });
  expect(await call('run_labels/get', { run_id: 'run-1' })).toEqual({ labels: { ticket: '7' } });
  expect(await call('mob_labels/delete')).toEqual({ accepted: true });
  expect(await call('mob_labels/get')).toEqual({ labels: {} });
  expect(await call('run_labels/delete', { run_id: 'run-1' })).toEqual({ accepted: true });
  expect(await call('run_labels/get', { run_id: 'run-1' })).toEqual({ labels: {} });
  expect(await fail('mob_labels/set', { labels: { team: 1 } })).toMatchObject({ code: -32602 });
  expect(await fail('run_labels/get', {})).toMatchObject({ code: -32602 });
});
