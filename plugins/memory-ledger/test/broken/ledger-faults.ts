import type { MemoryLedger } from '@mobkit/core/ops';

import type { PlantedFault } from '../../../../packages/contract-kit/test/planted-faults.js';

/** What a ledger, maybe the first over its storage, does in another way than a sound one. */
export type Breaking = (sound: MemoryLedger, first: boolean) => Partial<MemoryLedger>;

export const ledgerFaults: Record<string, PlantedFault<Breaking>> = {
  'forgets what was said beside a fact': [
    'memory.facts',
    (sound) => ({
      async query(query) {
        const found = await sound.query(query);
        return { ...found, assertions: found.assertions.map((one) => without(one, 'metadata')) };
      },
    }),
  ],
  'keeps names as they were spelt': [
    'memory.facts',
    (sound) => ({ index: async (request) => ({ ...(await sound.index(request)), entity: request.entity }) }),
  ],
  'counts no conflicts': [
    'memory.stores',
    (sound) => ({
      async stores() {
        const { assertions } = await sound.query();
        return (await sound.stores()).map(({ store }) => ({
          store,
          recordCount: assertions.filter((one) => one.store === store).length,
        }));
      },
    }),
  ],
  'leaves out stores that hold nothing': [
    'memory.stores',
    (sound) => ({ stores: async () => (await sound.stores()).filter(({ recordCount }) => recordCount > 0) }),
  ],
  'counts a conflict as often as it is signalled': [
    'memory.conflict',
    (sound) => {
      let signalled = 0;
      return {
        index(request) {
          if (request.conflict) signalled += 1;
          return sound.index(request);
        },
        conflictCount: async () => signalled,
      };
    },
  ],
  'says of one store alone whether there is a conflict': [
    'memory.conflict',
    (sound) => ({
      async index(request) {
        const indexed = await sound.index(request);
        return { ...indexed, conflictActive: indexed.conflictActive && request.conflict === true };
      },
    }),
  ],
  'keeps the first reason of a conflict': [
    'memory.conflict',
    (sound) => ({
      async query(query) {
        const found = await sound.query(query);
        return { ...found, conflicts: found.conflicts.map((one) => ({ ...one, reason: 'a' })) };
      },
    }),
  ],
  'finds the last conflict': [
    'memory.conflict-for',
    (sound) => ({
      async conflictFor(reference) {
        const found = await sound.conflictFor(reference);
        return found && (await sound.query(reference)).conflicts.at(-1);
      },
    }),
  ],
  'finds a conflict for what refers to nothing': [
    'memory.conflict-for',
    (sound) => ({
      conflictFor: async (reference) =>
        reference.entity || reference.topic
          ? sound.conflictFor(reference)
          : (await sound.query()).conflicts[0],
    }),
  ],
  'finds by any one of what is asked for': [
    'memory.conflict-for',
    (sound) => ({
      conflictFor: async ({ entity, topic }) =>
        (await sound.conflictFor({ ...(entity !== undefined && { entity }) })) ??
        (await sound.conflictFor({ ...(topic !== undefined && { topic }) })),
    }),
  ],
  ...(Object.fromEntries(
    (['entity', 'topic', 'store'] as const).map((field) => [
      `does not look at the ${field}`,
      [
        'memory.filters',
        (sound: MemoryLedger) => ({ query: (query = {}) => sound.query(without(query, field)) }),
      ],
    ]),
  ) as Record<string, PlantedFault<Breaking>>),
  'finds the newest facts first': [
    'memory.filters',
    (sound) => ({
      async query(query) {
        const found = await sound.query(query);
        return { ...found, assertions: found.assertions.toReversed() };
      },
    }),
  ],
  'finds a text by its case': [
    'memory.text',
    (sound) => ({
      async query(query = {}) {
        const { text = '' } = query;
        const found = await sound.query(query);
        return { ...found, assertions: found.assertions.filter(({ fact }) => fact.includes(text.trim())) };
      },
    }),
  ],
  'takes a text for a pattern': [
    'memory.text',
    (sound) => ({ query: (query = {}) => sound.query(query.text === '%' ? without(query, 'text') : query) }),
  ],
  'begins a page with the last of the one before': [
    'memory.pages',
    (sound) => ({
      async query(query = {}) {
        const found = await sound.query(query);
        if (query.afterAssertionId === undefined) return found;
        const before = (await sound.query(without(query, 'afterAssertionId'))).assertions.slice(-1);
        return { ...found, assertions: [...before, ...found.assertions] };
      },
    }),
  ],
  'says that there are more whenever a page is full': [
    'memory.pages',
    (sound) => ({
      async query(query = {}) {
        const found = await sound.query(query);
        return { ...found, more: found.assertions.length === query.limit };
      },
    }),
  ],
  'keeps what it refuses': [
    'memory.refused',
    (sound) => ({
      index: (request) =>
        sound.index(request).catch(async (error: unknown) => {
          await sound.index({ entity: 'e', topic: 't', fact: 'f' });
          throw error;
        }),
    }),
  ],
  'answers any question': [
    'memory.refused',
    (sound) => ({
      query: (query) => sound.query(query).catch(() => ({ assertions: [], conflicts: [], more: false })),
    }),
  ],
  'resolves the conflicts of one store': [
    'memory.resolve',
    (sound) => ({ resolveConflict: (request) => sound.resolveConflict({ store: 'todo', ...request }) }),
  ],
  'resolves in every store': [
    'memory.resolve',
    (sound) => ({
      resolveConflict: async (request) => {
        const ended = await sound.resolveConflict(request);
        await sound.resolveConflict(without(request, 'store'));
        return ended;
      },
    }),
  ],
  'forgets why a conflict was resolved': [
    'memory.resolve',
    (sound) => ({
      changes: async (query) => (await sound.changes(query)).map((one) => without(one, 'reason')),
    }),
  ],
  'keeps what was deleted': [
    'memory.delete',
    (sound) => ({
      async deleteAssertion(assertionId, author) {
        const found = (await sound.query()).assertions.find((one) => one.assertionId === assertionId);
        const deleted = await sound.deleteAssertion(assertionId, author);
        if (deleted && found) await sound.index(without(found, 'assertionId'));
        return deleted;
      },
    }),
  ],
  'deletes what is not there': [
    'memory.delete',
    (sound) => ({
      async deleteAssertion(assertionId, author) {
        await sound.deleteAssertion(assertionId, author);
        return true;
      },
    }),
  ],
  'lets somebody without a name take a fact out': [
    'memory.delete',
    (sound) => ({
      deleteAssertion: (assertionId, { by, ...author }) =>
        sound.deleteAssertion(assertionId, { ...author, by: by.trim() || 'nobody' }),
    }),
  ],
  'tells changes of everything': ['memory.delete', (sound) => ({ changes: () => sound.changes() })],
  'tells the oldest of its changes': [
    'memory.delete',
    (sound) => ({
      changes: async (query = {}) => (await sound.changes(without(query, 'limit'))).slice(0, query.limit),
    }),
  ],
  'keeps everything': [
    'memory.retention',
    (sound) => {
      const kept: Awaited<ReturnType<MemoryLedger['query']>>['assertions'][number][] = [];
      return {
        async index(request) {
          const first = (await sound.query({ limit: 1 })).assertions;
          const indexed = await sound.index(request);
          const still = (await sound.query({ limit: 1 })).assertions;
          if (first[0]?.assertionId !== still[0]?.assertionId) kept.push(...first);
          return indexed;
        },
        async query(query) {
          const found = await sound.query(query);
          return { ...found, assertions: [...kept, ...found.assertions] };
        },
      };
    },
  ],
  'forgets conflicts with their facts': [
    'memory.retention',
    (sound) => ({
      async query(query) {
        const found = await sound.query(query);
        const about = new Set(found.assertions.map(({ entity }) => entity));
        return { ...found, conflicts: found.conflicts.filter(({ entity }) => about.has(entity)) };
      },
    }),
  ],
  'knows nothing of those before it': [
    'memory.restart',
    (_, first) => (first ? {} : { changes: async () => [] }),
  ],
  'gives ids of its own': [
    'memory.shared',
    (sound) => {
      let next = 0;
      return {
        async index(request) {
          const indexed = await sound.index(request);
          return { ...indexed, assertionId: `memory-assert-${String(next++).padStart(6, '0')}` };
        },
      };
    },
  ],
};

function without<T extends object, K extends keyof T>(value: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = value;
  return rest;
}
