import type { Mob } from './mob.js';
import type { MobContext } from './mob-context.js';

/** Tells the coordinators of a mob that it was resumed. @throws as `MobHandle.send`. */
export async function notifyOrchestrator({ definition, mobId }: MobContext, mob: Mob): Promise<void> {
  const members = mob.members();
  const content = `The mob "${mobId}" was resumed. Members: ${members.map(({ identity }) => identity).join(', ')}.`;
  for (const { identity, role, status } of members) {
    if (role !== definition.orchestrator?.profile || status !== 'active') continue;
    await mob.send(identity, content, { internal: true, from: 'mobkit' });
  }
}
