import type { EventLogStore } from '@mobkit/core';
import { readAcross } from '@mobkit/event-log';

import type { KeptState } from '../cli/command.js';
import { loadAppConfig } from '../config/load-app-config.js';
import { findMobFile } from '../config/load-mob.js';
import { readKeptState } from './kept-state.js';

type KeptEvents = Pick<EventLogStore, 'query'>;

interface WhereKept {
  /** Whether they are those of an archive as well. */
  readonly archived: boolean;
}

/**
 * Opens the events that are kept, those in the archive of the config among them, for as long as `read` runs.
 *
 * @throws what `readKeptState` and the archive throw.
 */
export async function readKeptEvents(
  kept: KeptState,
  read: (events: KeptEvents, where: WhereKept) => Promise<void>,
): Promise<void> {
  await readKeptState(kept, async ({ eventLog }) => {
    const { archive: config } = await loadAppConfig(findMobFile());
    if (!config) return read(eventLog, { archived: false });
    if (!config.bigquery) {
      console.error(
        'What is archived by a plugin is read through a server; these events are of the store alone.',
      );
      return read(eventLog, { archived: false });
    }
    const { openBigQueryArchive } = await import('@mobkit/store-bigquery');
    const { archive, close } = await openBigQueryArchive({ ...config.bigquery, readOnly: true });
    try {
      await read(await readAcross({ primary: eventLog, archive }), { archived: true });
    } finally {
      await close();
    }
  });
}
