import {
  type ArchiveMonitor,
  type ErrorHook,
  type EventArchive,
  type EventLogStore,
  MobError,
  systemClock,
  within,
} from '@mobkit/core';
import { type MobPlugin, type PluginContext, type Token, token, tokens } from '@mobkit/di';

import type { ArchiveConfig } from '../config/archive-config.js';
import { ArchiveCompaction } from './archive-compaction.js';
import { deadLettersToken } from './dead-letters.js';
import { LateArchivedLog } from './late-archived-log.js';

/** The event log with the archive behind it, where there is one. */
const archivedLogToken: Token<EventLogStore> = token('app.ArchivedEventLog');
const monitorToken: Token<ArchiveMonitor> = token('app.ArchiveMonitor');

/** How long shipping may go on when the app stops. What is left is shipped after the next start. */
const CLOSE_DEADLINE_MS = 2_000;

/** How long a start waits to hear how far the archive is behind. */
const LAG_MS = 1_000;

export interface ArchiveOptions extends ArchiveConfig {
  readonly onError: ErrorHook;
  readonly onInfo: (text: string) => void;
  readonly onWarning: (text: string) => void;
}

/**
 * Ships events from whatever fills `EventLogStore` into whatever fills `EventArchive`. To be listed after both.
 */
export function archive({
  hot,
  batchSize,
  compactEveryMs,
  onError,
  onInfo,
  onWarning,
}: ArchiveOptions): MobPlugin {
  return {
    name: 'archive',
    register({ container, provideResource }) {
      const begin = async (kept: EventArchive, log: LateArchivedLog) => {
        if (compactEveryMs === undefined) return undefined;
        try {
          const storage = container.resolve(tokens.storage);
          const often = { everyMs: compactEveryMs, onInfo, onWarning };
          return await ArchiveCompaction.begin({ archive: kept, storage, ...often });
        } catch (error) {
          await log.close(0);
          throw error;
        }
      };
      provideResource({
        name: 'archive',
        keepsIn: tokens.eventLogStore,
        async open() {
          if (!container.isRegistered(tokens.eventArchive)) throw nowhere();
          const kept = container.resolve(tokens.eventArchive);
          const log = await LateArchivedLog.open({
            primary: container.resolve(tokens.eventLogStore),
            archive: kept,
            hot,
            deadLetters: container.resolve(deadLettersToken),
            ...(batchSize !== undefined && { batchSize }),
            onError,
          });
          // Only to be told: an archive that is away again by now is told by what ships.
          const asked = log.archived?.lag().catch(() => undefined);
          const lag = asked && (await within(systemClock, LAG_MS, asked));
          if (lag) onInfo(`Events are archived up to ${lag.archivedTo}; ${lag.behind} wait to be`);
          return { log, compaction: await begin(kept, log) };
        },
        async close({ log, compaction }) {
          await Promise.all([compaction?.end(), log.close(CLOSE_DEADLINE_MS)]);
        },
      })
        .fill(archivedLogToken, ({ log }) => log)
        .fill(monitorToken, ({ log, compaction }) => ({
          archiveStatus: async () => ({
            ...(await log.archiveStatus()),
            ...(compaction && { compaction: compaction.status }),
          }),
        }));
    },
  };
}

/** What events are read from: the archive where the log keeps them no more, if there is one. */
export function eventLogToRead(container: PluginContext['container']): EventLogStore {
  return container.resolve(
    container.isRegistered(archivedLogToken) ? archivedLogToken : tokens.eventLogStore,
  );
}

/** Who tells how the archive goes, if there is one. */
export function archiveMonitor(container: PluginContext['container']): ArchiveMonitor | undefined {
  return container.isRegistered(monitorToken) ? container.resolve(monitorToken) : undefined;
}

function nowhere(): MobError {
  return new MobError(
    'MOB_CONFIG_INVALID',
    '[archive] names no place to archive to: say `to = "bigquery"`, or list a plugin that fills `EventArchive`',
    { details: { field: 'archive.to' } },
  );
}
