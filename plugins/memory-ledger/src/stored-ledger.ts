import type { Clock, OrderedLog, RecordStore, Storage } from '@mobkit/core';
import {
  type MemoryAssertion,
  type MemoryAuthor,
  type MemoryChange,
  type MemoryChangeQuery,
  type MemoryConflict,
  type MemoryFound,
  type MemoryIndexed,
  type MemoryIndexRequest,
  type MemoryLedger,
  type MemoryQuery,
  type MemoryReference,
  type MemoryStoreCount,
  memoryStores,
  type ResolveConflictRequest,
} from '@mobkit/core/ops';

import {
  authorOf,
  checkMetadata,
  invalid,
  limitOf,
  nameOf,
  optionalName,
  optionalStore,
  optionalText,
} from './check-names.js';
import {
  assertionId,
  assertionsDefinition,
  changesDefinition,
  conflictsDefinition,
  keyOfAssertion,
} from './definitions.js';
import { draftChanges, draftConflict, draftFact, resolved, type Step } from './drafts.js';
import { counted, StateOfLedger, total } from './ledger-state.js';
import { reaching } from './reaching.js';
import { every, type NewChange, storesOf, toAssertion, toConflict } from './rows.js';

const KEPT_CHANGES = 4096;
const MOST_FOUND = 4096;
const SHOWN_CHANGES = 50;
const MOST_CHANGES = 500;

interface StoredLedgerDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly maxAssertions: number;
}

/** A ledger over a storage: each change is one commit of what it changes, and of the counts. */
export class StoredLedger implements MemoryLedger {
  readonly #assertions: RecordStore;
  readonly #conflicts: RecordStore;
  readonly #changes: OrderedLog;
  readonly #state: StateOfLedger;
  readonly #clock: Clock;
  readonly #maxAssertions: number;

  constructor({ storage, clock, maxAssertions }: StoredLedgerDeps) {
    this.#assertions = storage.records(assertionsDefinition);
    this.#conflicts = storage.records(conflictsDefinition);
    this.#changes = storage.log(changesDefinition);
    this.#state = new StateOfLedger(storage);
    this.#clock = clock;
    this.#maxAssertions = maxAssertions;
  }

  async index(request: MemoryIndexRequest): Promise<MemoryIndexed> {
    const { about, fact, reason, conflict, metadata } = checkIndex(request);
    const { entity, topic } = about;
    return reaching(() =>
      this.#state.change(async (before) => {
        const nowMs = this.#clock.now();
        const steps: Step[] = [];
        if (fact !== undefined) {
          const assertion = { ...about, fact, ...(metadata && { metadata }), indexedAtMs: nowMs };
          steps.push(await draftFact(before, assertion, this.#assertions, this.#maxAssertions));
        }
        if (conflict) {
          const signal = { ...about, ...(reason !== undefined && { reason }), updatedAtMs: nowMs };
          steps.push(await draftConflict(steps[0]?.state ?? before, signal, this.#conflicts));
        }
        return {
          state: steps.at(-1)?.state ?? before,
          puts: steps.flatMap(({ puts = [] }) => puts),
          deletes: steps.flatMap(({ deletes = [] }) => deletes),
          result: {
            ...about,
            ...(fact !== undefined && { assertionId: assertionId(before.nextAssertion) }),
            conflictActive: conflict || (await this.#firstConflict({ entity, topic })) !== undefined,
          },
        };
      }),
    );
  }

  async query(query: MemoryQuery = {}): Promise<MemoryFound> {
    const where = whereOf(query);
    const text = query.text?.trim().toLowerCase() ?? '';
    const limit = limitOf(query.limit, MOST_FOUND, MOST_FOUND);
    const afterKey = afterOf(query.afterAssertionId);
    const has = (...texts: readonly (string | undefined)[]) =>
      text === '' || texts.some((one) => one?.toLowerCase().includes(text));
    return reaching(async () => {
      const assertions: MemoryAssertion[] = [];
      let more = false;
      for await (const record of every(this.#assertions, {
        where,
        ...(afterKey !== undefined && { afterKey }),
      })) {
        const assertion = toAssertion(record);
        if (!has(assertion.entity, assertion.topic, assertion.fact)) continue;
        more = assertions.length === limit;
        if (more) break;
        assertions.push(assertion);
      }
      const conflicts: MemoryConflict[] = [];
      for await (const record of every(this.#conflicts, { where })) {
        const conflict = toConflict(record);
        if (has(conflict.entity, conflict.topic, conflict.reason)) conflicts.push(conflict);
      }
      return { assertions, conflicts, more };
    });
  }

  async stores(): Promise<readonly MemoryStoreCount[]> {
    const { assertions, conflicts } = await reaching(() => this.#state.read());
    return memoryStores.map((store) => {
      return { store, recordCount: (assertions[store] ?? 0) + (conflicts[store] ?? 0) };
    });
  }

  async conflictFor({ entity, topic }: MemoryReference): Promise<MemoryConflict | undefined> {
    const reference = { entity: optionalName('entity', entity), topic: optionalName('topic', topic) };
    if (reference.entity === undefined && reference.topic === undefined) return undefined;
    return reaching(() => this.#firstConflict(reference));
  }

  async conflictCount(): Promise<number> {
    return total((await reaching(() => this.#state.read())).conflicts);
  }

  async resolveConflict(request: ResolveConflictRequest): Promise<readonly MemoryConflict[]> {
    const entity = nameOf('entity', request.entity);
    const topic = nameOf('topic', request.topic);
    const store = optionalStore(request.store);
    const author = authorOf(request);
    return reaching(async () => {
      const ended = await this.#state.change(async (state) => {
        const { records } = await this.#conflicts.list({ where: { entity, topic, store } });
        const conflicts = records.map(toConflict);
        if (conflicts.length === 0) return { result: [] };
        return {
          state: { ...state, conflicts: counted(state.conflicts, storesOf(records), -1) },
          deletes: records.map(({ key }) => ({ records: conflictsDefinition, key })),
          ...draftChanges(
            conflicts.map((conflict) => resolved(conflict, author)),
            this.#clock.now(),
          ),
          result: conflicts,
        };
      });
      if (ended.length > 0) await this.#forgetChanges();
      return ended;
    });
  }

  async deleteAssertion(id: string, given: MemoryAuthor): Promise<boolean> {
    const key = keyOfAssertion(id);
    const author = authorOf(given);
    if (key === undefined) return false;
    return reaching(async () => {
      const gone = await this.#state.change(async (state) => {
        const kept = await this.#assertions.get(key);
        if (!kept) return { result: false };
        const { fact: _, metadata: _metadata, indexedAtMs: _at, ...about } = toAssertion(kept);
        return {
          state: { ...state, assertions: counted(state.assertions, [about.store], -1) },
          deletes: [{ records: assertionsDefinition, key }],
          ...draftChanges([{ kind: 'assertion_deleted', ...about, ...author }], this.#clock.now()),
          result: true,
        };
      });
      if (gone) await this.#forgetChanges();
      return gone;
    });
  }

  async changes(query: MemoryChangeQuery = {}): Promise<readonly MemoryChange[]> {
    const where = whereOf(query);
    const limit = limitOf(query.limit, SHOWN_CHANGES, MOST_CHANGES);
    const { entries } = await reaching(() => this.#changes.read({ where, limit }));
    return entries.map(({ seq, timestampMs, data }) => {
      return { seq, ...(JSON.parse(data) as NewChange), timestampMs };
    });
  }

  async #firstConflict(where: {
    readonly entity: string | undefined;
    readonly topic: string | undefined;
  }): Promise<MemoryConflict | undefined> {
    const { records } = await this.#conflicts.list({ where, limit: 1 });
    return records[0] && toConflict(records[0]);
  }

  async #forgetChanges(): Promise<void> {
    // What was taken out is out: that the oldest of these stay a little longer is no failure of it.
    await this.#changes.prune({ keep: KEPT_CHANGES }).catch(() => {});
  }
}

function checkIndex(request: MemoryIndexRequest) {
  const entity = nameOf('entity', request.entity);
  const topic = nameOf('topic', request.topic);
  const store = optionalStore(request.store) ?? memoryStores[0];
  const fact = optionalText('fact', request.fact);
  checkMetadata(request.metadata);
  const reason = optionalText('conflictReason', request.conflictReason, 'the reason of a conflict');
  const { conflict = false, metadata } = request;
  if (fact === undefined && !conflict) throw invalid('fact', 'fact is required unless conflict=true');
  return { about: { entity, topic, store }, fact, reason, conflict, metadata };
}

function whereOf({ entity, topic, store }: Pick<MemoryQuery, 'entity' | 'topic' | 'store'>) {
  return {
    entity: optionalName('entity', entity),
    topic: optionalName('topic', topic),
    store: optionalStore(store),
  };
}

function afterOf(id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  const key = keyOfAssertion(id);
  if (key === undefined) throw invalid('afterAssertionId', `'${id}' is not the id of an assertion`);
  return key;
}
