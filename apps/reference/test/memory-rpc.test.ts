import { FaultyStorage, unavailable } from '@mobkit/contract-kit';
import { openMemoryLedger } from '@mobkit/memory-ledger';
import { createRpcHandler } from '@mobkit/rpc';
import type { UnifiedRuntime } from '@mobkit/runtime';
import { openMemoryStores } from '@mobkit/store-memory';
import { expect, it } from 'vitest';

async function served() {
  const { storage } = await openMemoryStores();
  const faulty = new FaultyStorage(storage);
  const memory = await openMemoryLedger({ storage: faulty });
  return { faulty, ...methodsOf({ memory } as UnifiedRuntime) };
}

function methodsOf(runtime: UnifiedRuntime) {
  const handler = createRpcHandler({ runtime });
  const answer = (method: string, params: object) =>
    handler.handle({ jsonrpc: '2.0', id: 1, method: `mobkit/memory/${method}`, params });
  return {
    call: async (method: string, params: object = {}) => {
      const answered = await answer(method, params);
      if (!answered || 'error' in answered) throw new Error(JSON.stringify(answered));
      return answered.result;
    },
    fail: async (method: string, params: object = {}) => {
      const answered = await answer(method, params);
      return answered && 'error' in answered ? answered.error : undefined;
    },
  };
}

const time = expect.any(Number) as number;

it('[memory.rpc] indexes, finds and counts in the names of the wire, with null where nothing was given', async () => {
  const { call } = await served();
  const about = { entity: 'checkout', topic: 'status' };
  const kept = { ...about, store: 'knowledge_graph' };
  expect(await call('index', { entity: ' Checkout', topic: 'STATUS', fact: 'up', metadata: null })).toEqual({
    ...kept,
    assertion_id: 'memory-assert-000000',
    conflict_active: false,
  });
  expect(await call('index', { ...about, store: 'todo', conflict: true })).toEqual({
    ...about,
    store: 'todo',
    assertion_id: null,
    conflict_active: true,
  });
  await call('index', {
    ...about,
    fact: 'down',
    metadata: { by: 'ann' },
    conflict: true,
    conflict_reason: 'two',
  });
  expect(await call('query', { entity: 'checkout', query: 'DOWN' })).toEqual({
    assertions: [
      {
        ...kept,
        assertion_id: 'memory-assert-000001',
        fact: 'down',
        metadata: { by: 'ann' },
        indexed_at_ms: time,
      },
    ],
    conflicts: [],
    has_more: false,
  });
  expect(await call('query', { limit: 1 })).toEqual({
    assertions: [
      { ...kept, assertion_id: 'memory-assert-000000', fact: 'up', metadata: null, indexed_at_ms: time },
    ],
    conflicts: [
      { ...kept, reason: 'two', updated_at_ms: time },
      { ...about, store: 'todo', reason: null, updated_at_ms: time },
    ],
    has_more: true,
  });
  expect(
    await call('query', { after_assertion_id: 'memory-assert-000000', store: 'knowledge_graph' }),
  ).toMatchObject({
    assertions: [{ fact: 'down' }],
  });
  expect(await call('stores')).toEqual({
    stores: [
      { store: 'knowledge_graph', record_count: 3 },
      { store: 'vector', record_count: 0 },
      { store: 'timeline', record_count: 0 },
      { store: 'todo', record_count: 1 },
      { store: 'top_of_mind', record_count: 0 },
    ],
  });
});

it('[memory.rpc] resolves and deletes in the name of somebody, and tells of it', async () => {
  const { call } = await served();
  const about = { entity: 'checkout', topic: 'status' };
  await call('index', { ...about, fact: 'up', conflict: true, conflict_reason: 'two' });
  const conflict = { ...about, store: 'knowledge_graph' };
  expect(await call('resolve_conflict', { ...about, by: 'ann', reason: 'looked' })).toEqual({
    resolved: [{ ...conflict, reason: 'two', updated_at_ms: time }],
  });
  expect(await call('resolve_conflict', { ...about, by: 'ann' })).toEqual({ resolved: [] });
  const id = { assertion_id: 'memory-assert-000000' };
  expect(await call('delete', { ...id, by: 'bob' })).toEqual({ deleted: true });
  expect(await call('delete', { ...id, by: 'bob' })).toEqual({ deleted: false });
  expect(await call('changes', { entity: 'checkout' })).toEqual({
    changes: [
      {
        seq: 1,
        kind: 'conflict_resolved',
        ...conflict,
        by: 'ann',
        reason: 'looked',
        conflict_reason: 'two',
        timestamp_ms: time,
      },
      { seq: 2, kind: 'assertion_deleted', ...conflict, by: 'bob', reason: null, ...id, timestamp_ms: time },
    ],
  });
});

const allowed = 'knowledge_graph, vector, timeline, todo, top_of_mind';

it.each<[method: string, params: object, field: string, message: string]>([
  ['index', { entity: 7, topic: 't' }, 'entity', 'entity must be a non-empty string'],
  ['index', { entity: 'e' }, 'topic', 'topic must be a non-empty string'],
  [
    'index',
    { entity: 'e', topic: 't', store: ' ' },
    'store',
    'store must be a non-empty string when provided',
  ],
  [
    'index',
    { entity: 'e', topic: 't', store: 'S' },
    'store',
    `store 'S' is unsupported (allowed: ${allowed})`,
  ],
  ['index', { entity: 'e', topic: 't', fact: ' ' }, 'fact', 'fact must be a non-empty string when provided'],
  [
    'index',
    { entity: 'e', topic: 't', metadata: [] },
    'metadata',
    'metadata must be a JSON object when provided',
  ],
  ['index', { entity: 'e', topic: 't', conflict: 1 }, 'conflict', 'conflict must be a boolean when provided'],
  [
    'index',
    { entity: 'e', topic: 't', conflict: true, conflict_reason: 1 },
    'conflict_reason',
    'conflict_reason must be a string when provided',
  ],
  [
    'index',
    { entity: 'e', topic: 't', conflict: true, conflict_reason: 'x'.repeat(4097) },
    'conflict_reason',
    'the reason of a conflict must be at most 4096 characters',
  ],
  ['index', { entity: 'e', topic: 't' }, 'fact', 'fact is required unless conflict=true'],
  ['index', { entity: 'e', topic: 't', conflict: false }, 'fact', 'fact is required unless conflict=true'],
  ['query', { store: 'archive' }, 'store', `store 'archive' is unsupported (allowed: ${allowed})`],
  ['query', { entity: 1 }, 'entity', 'entity must be a string when provided'],
  ['query', { limit: 0 }, 'limit', 'limit must be an integer between 1 and 4096'],
  ['query', { after_assertion_id: 'x' }, 'after_assertion_id', "'x' is not the id of an assertion"],
  ['query', { fact: 'x' }, 'fact', '"fact" is not a field of this method: leave it out'],
  ['resolve_conflict', { entity: 'e', topic: 't' }, 'by', 'by must be a non-empty string'],
  ['delete', { by: 'ann' }, 'assertion_id', 'assertion_id must be a non-empty string'],
])('[memory.rpc-refused] refuses %s of %j', async (method, params, field, message) => {
  const { call, fail } = await served();
  expect(await fail(method, params)).toEqual({
    code: -32602,
    message: `Invalid params: ${message}`,
    data: { kind: 'invalid_params', field },
  });
  expect(await call('query')).toEqual({ assertions: [], conflicts: [], has_more: false });
});

it('[memory.rpc-unavailable] tells of a storage that does not answer, and of a runtime without a ledger', async () => {
  const { faulty, fail } = await served();
  faulty.beforeCommit = () => {
    throw unavailable();
  };
  expect(await fail('index', { entity: 'e', topic: 't', fact: 'f' })).toEqual({
    code: -32012,
    message: 'Memory backend unavailable: the storage is away',
    data: { kind: 'memory_unavailable', retryable: true },
  });
  expect(await methodsOf({} as UnifiedRuntime).fail('stores')).toMatchObject({
    data: { kind: 'config_invalid', part: 'memory' },
  });
});
