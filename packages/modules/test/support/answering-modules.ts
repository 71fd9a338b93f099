import type { JsonValue, MobError } from '@mobkit/core';
import type { ModuleCall } from '@mobkit/core/ops';

import type { AskedModules } from '../../src/contracts/ask-module.js';

/** Modules of which one is loaded, which answers every call alike, or fails alike. */
export function answering(moduleId: string | undefined, answer: JsonValue | MobError) {
  const calls: ModuleCall[] = [];
  const modules: AskedModules = {
    loaded: () => (moduleId === undefined ? [] : [moduleId]),
    async call(call) {
      calls.push(call);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { modules, calls };
}
