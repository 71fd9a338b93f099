import { errorText } from '@mobkit/core';
import type {
  GateAuditType,
  GateFallback,
  MemoryConflict,
  MemoryConflicts,
  MemoryReference,
} from '@mobkit/core/ops';

/** Why an action is a draft, and what the audit says of it. */
export interface MemoryBlock {
  readonly fallbackReason: GateFallback;
  readonly eventType: GateAuditType;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface MemoryQuestion {
  readonly action: string;
  readonly reference: MemoryReference;
  /** Whether what refers to nothing is held back while facts contradict each other anywhere. */
  readonly needsContext: boolean;
}

/** Asks everybody who knows of facts whether those about an action agree; undefined when they do. Never rejects. */
export async function memoryBlock(
  sources: readonly MemoryConflicts[],
  { action, reference, needsContext }: MemoryQuestion,
): Promise<MemoryBlock | undefined> {
  if (sources.length === 0) return undefined;
  const { entity, topic } = reference;
  const about = { entity: entity ?? null, topic: topic ?? null };
  const missing = { entity: entity === undefined, topic: topic === undefined };
  try {
    if (needsContext && (missing.entity || missing.topic)) {
      const counts = await Promise.all(sources.map((source) => source.conflictCount()));
      const count = counts.reduce((sum, one) => sum + one, 0);
      if (count > 0) {
        const reason = 'memory_conflict_context_missing';
        return blocked(reason, 'conflict_blocked', {
          policy: 'memory_conflict_context_required_v0_1',
          reason,
          action,
          reference: about,
          missing_context: missing,
          conflict_count: count,
        });
      }
    }
    const found = await Promise.all(sources.map((source) => source.conflictFor(reference)));
    const [first] = found.filter((conflict) => conflict !== undefined).toSorted(byPlace);
    if (!first) return undefined;
    return blocked('memory_conflict', 'conflict_blocked', {
      policy: 'memory_conflict_block_v0_1',
      reason: 'memory_conflict',
      action,
      reference: about,
      conflict: toDetail(first),
    });
  } catch (error) {
    const reason = 'memory_conflict_lookup_failed';
    return blocked(reason, reason, {
      policy: 'memory_conflict_lookup_via_core_mcp',
      reason,
      error: errorText(error),
      reference: about,
    });
  }
}

function blocked(
  fallbackReason: GateFallback,
  eventType: GateAuditType,
  detail: MemoryBlock['detail'],
): MemoryBlock {
  return { fallbackReason, eventType, detail };
}

function toDetail({ entity, topic, store, reason, updatedAtMs }: MemoryConflict) {
  return { entity, topic, store, reason: reason ?? null, updated_at_ms: updatedAtMs };
}

function byPlace(one: MemoryConflict, other: MemoryConflict): number {
  for (const part of ['entity', 'topic', 'store'] as const) {
    if (one[part] !== other[part]) return one[part] < other[part] ? -1 : 1;
  }
  return 0;
}
