import { type JsonValue, MobError } from '@mobkit/core';
import type { ModuleHost } from '@mobkit/core/ops';
import type { UnifiedRuntime } from '@mobkit/runtime';
import { z } from 'zod';

import type { Method } from './method.js';
import { noParams, parseParams } from './params.js';
import { toWireModule, toWireTransition } from './wire-modules.js';

const given = z.unknown().optional();
const callToolParams = z.strictObject({ module_id: given, tool: given, arguments: given });

const callTool: Method = async ({ runtime }, params) => {
  const { module_id: moduleId, tool, arguments: args } = parseParams(callToolParams, params);
  if (!isName(moduleId)) throw invalid('module_id', 'module_id and tool required');
  if (!isName(tool)) throw invalid('tool', 'module_id and tool required');
  return { module_id: moduleId, tool, result: await callModule(runtime, moduleId, tool, args) };
};

const listModules: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  return {
    modules: (runtime.modules?.modules() ?? []).map(toWireModule),
    transitions: runtime.moduleHealthTransitions().map(toWireTransition),
    lifecycle: runtime.moduleLifecycleEvents().map(({ seq, stage }) => ({ seq, stage })),
  };
};

export const moduleMethods = { 'mobkit/call_tool': callTool, 'mobkit/modules/list': listModules };

/** Whether a method that nobody here serves is one of a module: the text before its first slash names it. */
export function isModuleCall(method: string): boolean {
  const at = method.indexOf('/');
  return at > 0 && !method.startsWith('mobkit/');
}

/** The method of a module under its own name. */
export function moduleCall(method: string): Method {
  return async ({ runtime }, params) => {
    const moduleId = method.slice(0, method.indexOf('/'));
    return { module_id: moduleId, method, payload: await callModule(runtime, moduleId, method, params) };
  };
}

/** Starts a module, or ends it and starts it anew. */
export async function spawnModule({ modules }: UnifiedRuntime, moduleId: string) {
  expectModules(modules, [moduleId], 'module_id');
  await modules?.spawn(moduleId);
  return { accepted: true, module_id: moduleId };
}

/** @throws MobError `MOB_REQUEST_INVALID` for one that is not configured: here that is the caller's mistake. */
export function expectModules(
  modules: ModuleHost | undefined,
  moduleIds: readonly string[],
  field: 'module_id' | 'modules',
): void {
  const unknown = moduleIds.find((moduleId) => modules?.boundaryOf(moduleId) === undefined);
  if (unknown !== undefined) throw invalid(field, `${field}: module '${unknown}' is not configured`);
}

async function callModule(
  { modules }: UnifiedRuntime,
  moduleId: string,
  method: string,
  params: unknown,
): Promise<JsonValue> {
  const asked = params === undefined || params === null ? {} : { params: params as JsonValue };
  if (modules) return modules.call({ moduleId, method, ...asked });
  const details = { module: moduleId };
  throw new MobError('MOB_MODULE_NOT_LOADED', `Module '${moduleId}' not loaded`, { details });
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function invalid(field: string, message: string): MobError {
  return new MobError('MOB_REQUEST_INVALID', message, { details: { field } });
}
