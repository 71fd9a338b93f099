import type { NewRecord, RecordQuery, RecordStore, StoredRecord } from '@mobkit/core';
import type { MemoryAssertion, MemoryChange, MemoryConflict, MemoryStoreName } from '@mobkit/core/ops';

import { assertionId } from './definitions.js';

/** An assertion before it has a number. */
export type NewAssertion = Omit<MemoryAssertion, 'assertionId'>;

/** A conflict as this ledger makes it. */
export type LedgerConflict = MemoryConflict & { readonly store: MemoryStoreName };

/** A change before it is kept. */
export type NewChange = Omit<MemoryChange, 'seq' | 'timestampMs'>;

const PAGE = 512;

export function toRecord(kept: NewAssertion | MemoryConflict): NewRecord {
  return { fields: aboutOf(kept), data: JSON.stringify(kept) };
}

export function toAssertion({ key, data }: StoredRecord): MemoryAssertion {
  return { assertionId: assertionId(Number(key)), ...(JSON.parse(data) as NewAssertion) };
}

export function toConflict({ data }: StoredRecord): LedgerConflict {
  return JSON.parse(data) as LedgerConflict;
}

export function storesOf(records: readonly StoredRecord[]): readonly MemoryStoreName[] {
  return records.map(({ fields }) => fields['store'] as MemoryStoreName);
}

/** What is searched by. */
export function aboutOf({ entity, topic, store }: Pick<MemoryConflict, 'entity' | 'topic' | 'store'>) {
  return { entity, topic, store };
}

/** Every record that a query finds, a page at a time. */
export async function* every(
  records: RecordStore,
  query: Omit<RecordQuery, 'limit'>,
): AsyncGenerator<StoredRecord> {
  for (let page = await records.list({ ...query, limit: PAGE }); ;) {
    yield* page.records;
    const afterKey = page.records.at(-1)?.key;
    if (!page.more || afterKey === undefined) return;
    page = await records.list({ ...query, afterKey, limit: PAGE });
  }
}
