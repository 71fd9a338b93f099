import { type JsonObject, type JsonValue, MobError } from '@mobkit/core';
import type { ModuleHost } from '@mobkit/core/ops';

/** What is needed of a host to put a module behind a contract. */
export type AskedModules = Pick<ModuleHost, 'loaded' | 'call'>;

/** The modules that stand for a part of the runtime as soon as they are loaded. */
export type CoreModule = 'router' | 'delivery' | 'scheduling' | 'memory';

interface Question {
  readonly moduleId: CoreModule;
  readonly tool: string;
  readonly params: JsonObject;
  readonly signal?: AbortSignal;
}

/** What a module answers; undefined when it is not loaded, and so was not asked. Throws as `ModuleHost.call`. */
export async function askModule(
  modules: AskedModules,
  { moduleId, tool, ...asked }: Question,
): Promise<JsonValue | undefined> {
  if (!modules.loaded().includes(moduleId)) return undefined;
  return modules.call({ moduleId, method: tool, ...asked });
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text without the white space around it; undefined for a blank one, and for what is none. */
export function textIn(value: JsonValue | undefined): string | undefined {
  return (typeof value === 'string' && value.trim()) || undefined;
}

/** The error for an answer that is not what the tool has to give. */
export function invalidPayload(module: CoreModule, tool: string, field: string, what: string): MobError {
  const text = `Module '${module}': ${tool} answered what cannot be used: ${field} ${what}`;
  const details = { module, tool, reason: 'invalid_payload', field };
  return new MobError('MOB_MODULE_CALL_FAILED', text, { details });
}
