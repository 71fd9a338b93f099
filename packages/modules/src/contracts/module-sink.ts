import { isMobError, MobError } from '@mobkit/core';
import { type DeliverySink, resolutionToJson } from '@mobkit/core/ops';

import { type AskedModules, askModule, isObject, textIn } from './ask-module.js';

/** Reaches members of this very mob: nobody outside of this process can. */
const MEMBERS = 'mob_member';

/**
 * Puts a loaded module `delivery` behind `DeliverySink`: while it is loaded it carries for every sink but `mob_member`. Its tool
 * `delivery.send` is asked with resolution, payload and idempotency key; it may answer an object with `adapter`, which is on
 * record, and `force_fail`, with which it refuses the message. When it ends or falls silent during the call nobody knows
 * whether the message was taken.
 */
export function createModuleSink(modules: AskedModules): DeliverySink {
  return {
    name: 'module.delivery',
    carries: (sink) => sink !== MEMBERS && modules.loaded().includes('delivery'),
    async deliver({ resolution, payload, idempotencyKey }, { signal }) {
      try {
        const answer = await askModule(modules, {
          moduleId: 'delivery',
          tool: 'delivery.send',
          params: {
            resolution: resolutionToJson(resolution),
            payload,
            idempotency_key: idempotencyKey ?? null,
          },
          signal,
        });
        if (answer === undefined) throw notLoaded();
        if (!isObject(answer)) return;
        const adapter = textIn(answer['adapter']);
        if (answer['force_fail'] === true) throw refused(adapter);
        return adapter === undefined ? {} : { sinkAdapter: adapter };
      } catch (error) {
        if (!isUnknown(error)) throw error;
        return { unknown: error.message };
      }
    },
  };
}

/** Whether the module may have taken the message all the same. */
function isUnknown(error: unknown): error is MobError {
  if (isMobError(error, 'MOB_MODULE_TIMEOUT')) return true;
  return isMobError(error, 'MOB_MODULE_CALL_FAILED') && error.details['reason'] === 'closed';
}

/** It was unloaded since it was chosen: another sink may take the message next time. */
function notLoaded(): MobError {
  const details = { module: 'delivery' };
  return new MobError('MOB_MODULE_NOT_LOADED', "Module 'delivery' not loaded", { details, retryable: true });
}

function refused(adapter: string | undefined): MobError {
  const through = adapter === undefined ? '' : ` through ${adapter}`;
  return new MobError('MOB_DELIVERY_FAILED', `Module 'delivery' refused the message${through}`);
}
