import type { MobHandle } from '@mobkit/core/mob';

import type { Method } from './method.js';
import { noParams, parseParams } from './params.js';

/** A method that moves the mob from one state to another and answers where it is then. */
function moves(move: (mob: MobHandle) => Promise<unknown>): Method {
  return async ({ runtime: { mob } }, params) => {
    parseParams(noParams, params);
    await move(mob);
    return { accepted: true, mob_id: mob.mobId, mob_state: await mob.status() };
  };
}

const destroy: Method = async ({ runtime: { mob } }, params) => {
  parseParams(noParams, params);
  const { forceDestroyedMembers, sessionsCleared, eventsCleared, errors } = await mob.destroy();
  return {
    accepted: true,
    mob_id: mob.mobId,
    mob_state: await mob.status(),
    report: {
      force_destroyed_members: forceDestroyedMembers,
      sessions_cleared: sessionsCleared,
      events_cleared: eventsCleared,
      errors,
    },
  };
};

export const lifecycleMethods = {
  'mobkit/stop': moves((mob) => mob.stop()),
  'mobkit/resume': moves((mob) => mob.resume()),
  'mobkit/complete': moves((mob) => mob.complete()),
  'mobkit/reset': moves((mob) => mob.reset()),
  'mobkit/destroy': destroy,
};
