import type { JsonValue } from '@mobkit/core';
import { expect, it } from 'vitest';

import { answering } from '../../test/support/answering-modules.js';
import { createModuleMemory } from './module-memory.js';

const wire = {
  entity: 'Invoice-7',
  topic: 'amount',
  store: 'knowledge_graph',
  reason: 'two amounts',
  updated_at_ms: 42,
};
const conflict = {
  entity: 'invoice-7',
  topic: 'amount',
  store: 'knowledge_graph',
  reason: 'two amounts',
  updatedAtMs: 42,
};
const conflictFor = (answer: JsonValue) =>
  createModuleMemory(answering('memory', answer).modules).conflictFor({ entity: 'invoice-7' });

it('[modules.memory] asks a loaded module for the conflict about something, in either form', async () => {
  const { modules, calls } = answering('memory', { conflict: wire });
  const memory = createModuleMemory(modules);
  expect(await memory.conflictFor({ entity: 'invoice-7' })).toEqual(conflict);
  expect(await memory.conflictCount()).toBe(0);
  expect(calls).toEqual([
    { moduleId: 'memory', method: 'memory.conflict_read', params: { entity: 'invoice-7', topic: null } },
  ]);
  expect(await conflictFor(wire)).toEqual(conflict);
  const { reason: _, ...without } = conflict;
  expect(await conflictFor({ ...wire, reason: null })).toEqual(without);
  expect(await conflictFor({ conflict: null })).toBeUndefined();
  expect(await conflictFor(null)).toBeUndefined();
  const absent = createModuleMemory(answering(undefined, wire).modules);
  expect(await absent.conflictFor({ entity: 'invoice-7' })).toBeUndefined();
});

it.each<[JsonValue, field: string]>([
  ['conflict', 'conflict'],
  [{}, 'updated_at_ms'],
  [{ conflict: { ...wire, updated_at_ms: -1 } }, 'updated_at_ms'],
  [{ ...wire, entity: ' ' }, 'entity'],
  [{ ...wire, topic: 7 }, 'topic'],
  [{ ...wire, store: null }, 'store'],
  [{ ...wire, reason: 7 }, 'reason'],
])('[modules.memory] refuses the answer %j', async (answer, field) => {
  await expect(conflictFor(answer)).rejects.toMatchObject({
    code: 'MOB_MODULE_CALL_FAILED',
    details: { reason: 'invalid_payload', field },
  });
});
