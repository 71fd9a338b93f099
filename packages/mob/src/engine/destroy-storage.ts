import { errorText } from '@mobkit/core';
import type { DestroyReport } from '@mobkit/core/mob';

import type { Ledger } from '../ledger/ledger.js';
import type { Storage } from '@mobkit/core';
import { clearMobStorage } from './clear-mob-storage.js';

/**
 * Removes what is kept of a mob whose ledger says that it is being destroyed, its ledger last: until then whoever finds it
 * knows what to go on with. Never rejects; what is left is in the report.
 *
 * @param read - Resolves when those who follow the ledger have read its end, or will not.
 */
export async function destroyStorage(
  storage: Storage,
  ledger: Ledger,
  read: () => Promise<void>,
): Promise<Omit<DestroyReport, 'forceDestroyedMembers'>> {
  let sessionsCleared = false;
  try {
    if (!ledger.roster.finalizing) {
      await ledger.append({ items: [{ kind: { type: 'mob_destroy_storage_finalizing' } }] });
    }
    await clearMobStorage(storage, ledger.mobId);
    sessionsCleared = true;
    await read();
    await ledger.log.prune({ keep: 0 });
    return { sessionsCleared, eventsCleared: true, errors: [] };
  } catch (error) {
    return { sessionsCleared, eventsCleared: false, errors: [errorText(error)] };
  }
}
