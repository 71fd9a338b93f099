import { isMobError } from '@mobkit/core';

import type { MobContext } from '../engine/mob-context.js';
import type { Inbox } from './inbox.js';
import { type Input, inputsDefinition } from './input.js';
import { kickoffItem } from './kickoff-item.js';

/**
 * Removes everything that waits for a member and is not begun, from the storage too; answers what it was.
 *
 * @throws what the storage throws: all of it waits on then, unless nobody knows, then it is removed with what is kept next.
 */
export async function cancelWaiting(
  context: MobContext,
  identity: string,
  inbox: Inbox,
): Promise<readonly Input[]> {
  const { storage, ledger, clock, stepDown } = context;
  await inbox.settled();
  const { inputs, deletes, removed, putBack, doubt } = inbox.withdraw(() => true);
  if (deletes.length === 0) return inputs;
  if (inputs.some(({ kind }) => kind === 'kickoff')) {
    const items = [kickoffItem(identity, 'cancelled', clock.now(), 'All its work was cancelled')];
    await ledger.append({ items, beside: { deletes }, applied: removed, refused: putBack });
    return inputs;
  }
  try {
    await storage.commit({ deletes });
  } catch (error) {
    if (isMobError(error, 'MOB_CONFLICT')) stepDown(error);
    const first = deletes[0]?.key ?? '';
    const kept = await storage
      .records(inputsDefinition)
      .get(first)
      .then(Boolean, () => undefined);
    if (kept === true) putBack();
    else if (kept === false) removed();
    else doubt();
    if (kept !== false) throw error;
    return inputs;
  }
  removed();
  return inputs;
}
