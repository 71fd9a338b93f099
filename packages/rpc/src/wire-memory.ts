import type {
  MemoryAssertion,
  MemoryChange,
  MemoryConflict,
  MemoryFound,
  MemoryIndexed,
  MemoryStoreCount,
} from '@mobkit/core/ops';

/** What a query finds, as clients read it. */
export type WireMemoryFound = ReturnType<typeof toWireMemoryFound>;

/** A conflict as clients read it. */
export type WireMemoryConflict = ReturnType<typeof toWireConflict>;

/** What was taken out, as clients read it. */
export type WireMemoryChange = ReturnType<typeof toWireChange>;

export function toWireMemoryFound({ assertions, conflicts, more }: MemoryFound) {
  return {
    assertions: assertions.map(toWireAssertion),
    conflicts: conflicts.map(toWireConflict),
    has_more: more,
  };
}

export function toWireConflict({ entity, topic, store, reason, updatedAtMs }: MemoryConflict) {
  return { entity, topic, store, reason: reason ?? null, updated_at_ms: updatedAtMs };
}

export function toWireIndexed({ entity, topic, store, assertionId, conflictActive }: MemoryIndexed) {
  return { entity, topic, store, assertion_id: assertionId ?? null, conflict_active: conflictActive };
}

export function toWireStoreCount({ store, recordCount }: MemoryStoreCount) {
  return { store, record_count: recordCount };
}

export function toWireChange(change: MemoryChange) {
  const { seq, kind, entity, topic, store, by, reason, conflictReason, assertionId, timestampMs } = change;
  return {
    seq,
    kind,
    entity,
    topic,
    store,
    by,
    reason: reason ?? null,
    ...(conflictReason !== undefined && { conflict_reason: conflictReason }),
    ...(assertionId !== undefined && { assertion_id: assertionId }),
    timestamp_ms: timestampMs,
  };
}

function toWireAssertion(assertion: MemoryAssertion) {
  const { assertionId, entity, topic, store, fact, metadata, indexedAtMs } = assertion;
  return {
    assertion_id: assertionId,
    entity,
    topic,
    store,
    fact,
    metadata: metadata ?? null,
    indexed_at_ms: indexedAtMs,
  };
}
