import { randomUUID } from 'node:crypto';

import type { RecordStore } from '@mobkit/core';
import type { MemoryAuthor, MemoryConflict } from '@mobkit/core/ops';

import { invalid } from './check-names.js';
import {
  assertionKey,
  assertionsDefinition,
  changesDefinition,
  conflictKey,
  conflictsDefinition,
} from './definitions.js';
import { counted, type Draft, type LedgerState, total } from './ledger-state.js';
import {
  aboutOf,
  type LedgerConflict,
  type NewAssertion,
  type NewChange,
  storesOf,
  toRecord,
} from './rows.js';

/** Part of a draft: the state it leads to, and what is written for it. */
export type Step = Pick<Draft<unknown>, 'puts' | 'deletes'> & { readonly state: LedgerState };

/** Active at once. None is forgotten, so one more is refused. */
const MAX_CONFLICTS = 4096;

/** Gone with one commit at most, where the bound was lowered: the rest goes with those after it. */
const MOST_GOING = 256;

/** One assertion more, and without the oldest beyond the bound. */
export async function draftFact(
  state: LedgerState,
  assertion: NewAssertion,
  assertions: RecordStore,
  maxAssertions: number,
): Promise<Step> {
  const number = state.nextAssertion;
  const beyond = Math.min(total(state.assertions) + 1 - maxAssertions, MOST_GOING);
  // Keys are in the order of age, so that the oldest are the first.
  const oldest = beyond > 0 ? (await assertions.list({ limit: beyond })).records : [];
  const counts = counted(counted(state.assertions, [assertion.store], 1), storesOf(oldest), -1);
  return {
    state: { ...state, nextAssertion: number + 1, assertions: counts },
    puts: [{ records: assertionsDefinition, key: assertionKey(number), record: toRecord(assertion) }],
    deletes: oldest.map(({ key }) => ({ records: assertionsDefinition, key })),
  };
}

/** A conflict, new or with another reason. @throws MobError `MOB_REQUEST_INVALID` for one too many. */
export async function draftConflict(
  state: LedgerState,
  conflict: LedgerConflict,
  conflicts: RecordStore,
): Promise<Step> {
  const { entity, topic, store } = conflict;
  const key = conflictKey(entity, topic, store);
  const isNew = (await conflicts.get(key)) === undefined;
  if (isNew && total(state.conflicts) >= MAX_CONFLICTS) {
    throw invalid('conflict', `there are ${MAX_CONFLICTS} conflicts already: resolve one before`);
  }
  return {
    state: isNew ? { ...state, conflicts: counted(state.conflicts, [store], 1) } : state,
    puts: [{ records: conflictsDefinition, key, record: toRecord(conflict) }],
  };
}

/** What is kept of the end of a conflict. */
export function resolved(conflict: MemoryConflict, author: MemoryAuthor): NewChange {
  const { reason } = conflict;
  return {
    kind: 'conflict_resolved',
    ...aboutOf(conflict),
    ...author,
    ...(reason !== undefined && { conflictReason: reason }),
  };
}

/** The entries that tell of changes. */
export function draftChanges(
  changes: readonly NewChange[],
  timestampMs: number,
): Pick<Draft<unknown>, 'appends'> {
  const entries = changes.map((change) => {
    return { id: randomUUID(), timestampMs, fields: aboutOf(change), data: JSON.stringify(change) };
  });
  return { appends: [{ log: changesDefinition, entries }] };
}
