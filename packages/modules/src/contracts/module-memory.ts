import type { JsonObject, JsonValue } from '@mobkit/core';
import type { MemoryConflict, MemoryConflicts } from '@mobkit/core/ops';

import { type AskedModules, askModule, invalidPayload, isObject, textIn } from './ask-module.js';

const TOOL = 'memory.conflict_read';

/**
 * Puts a loaded module `memory` behind `MemoryConflicts`: its tool `memory.conflict_read` is asked with entity and topic, and
 * answers a conflict, an object with it as `conflict`, or null. Without such a module it knows of none. A conflict that cannot
 * be read is MobError `MOB_MODULE_CALL_FAILED` (`details.reason` `invalid_payload`, `details.field`). How many there are it
 * cannot be asked: it counts none.
 */
export function createModuleMemory(modules: AskedModules): MemoryConflicts {
  return {
    async conflictFor({ entity, topic }) {
      const params = { entity: entity ?? null, topic: topic ?? null };
      const answer = await askModule(modules, { moduleId: 'memory', tool: TOOL, params });
      if (answer === undefined || answer === null) return undefined;
      const given = isObject(answer) && 'conflict' in answer ? answer['conflict'] : answer;
      return given === null || given === undefined ? undefined : conflictIn(given);
    },
    conflictCount: async () => 0,
  };
}

function conflictIn(given: JsonValue): MemoryConflict {
  if (!isObject(given)) throw invalidPayload('memory', TOOL, 'conflict', 'is no object');
  const { reason, updated_at_ms: updatedAtMs } = given;
  if (!Number.isSafeInteger(updatedAtMs) || (updatedAtMs as number) < 0) {
    throw invalidPayload('memory', TOOL, 'updated_at_ms', 'is no time in whole milliseconds');
  }
  if (reason !== undefined && reason !== null && typeof reason !== 'string') {
    throw invalidPayload('memory', TOOL, 'reason', 'is no text');
  }
  return {
    entity: expectToken(given, 'entity'),
    topic: expectToken(given, 'topic'),
    store: expectToken(given, 'store'),
    ...(typeof reason === 'string' && { reason }),
    updatedAtMs: updatedAtMs as number,
  };
}

function expectToken(given: JsonObject, field: 'entity' | 'topic' | 'store'): string {
  const text = textIn(given[field]);
  if (text === undefined) throw invalidPayload('memory', TOOL, field, 'is missing or blank');
  return text.toLowerCase();
}
