import type { MobHandle } from '@mobkit/core/mob';

import type { ChildMobRegistry } from './child-mobs.js';

const ENDS_SESSIONS = new Set(['member_retired', 'member_reset', 'mob_reset']);

/**
 * Destroys the mobs of helpers whose owner's session has ended: now, and whenever a member of `mob` is retired or reset, until
 * `signal`. What fails is told and tried again with the next one.
 */
export async function endDelegations(
  mob: MobHandle,
  children: ChildMobRegistry,
  { signal, onFailure }: { readonly signal: AbortSignal; readonly onFailure: (error: unknown) => void },
): Promise<void> {
  const sweep = async () => {
    const sessions = new Set(mob.members().map(({ sessionId }) => sessionId));
    for (const { record } of children.of(mob.mobId)) {
      if (!record.implicit || sessions.has(record.owner.sessionId)) continue;
      await children.destroy(record.definition.id).catch(onFailure);
    }
  };
  try {
    const afterCursor = await mob.events.latestCursor();
    await sweep();
    const kinds = [...ENDS_SESSIONS];
    for await (const _ of mob.events.tail({ afterCursor, kinds, signal })) await sweep();
  } catch (error) {
    if (!signal.aborted) onFailure(error);
  }
}
