import { tokens, type MobPlugin } from '@mobkit/di';
import { createEventIngestion, type EventIngestionOptions } from '@mobkit/event-log';

import { deadLettersToken } from './dead-letters.js';
import { spoolToken } from './event-spool.js';

/** How long the last flush may take when the app stops. The runtime has flushed before: this is for what came after. */
const CLOSE_DEADLINE_MS = 2_000;

/** Buffered ingestion in front of whatever fills `EventLogStore`, with the spool if there is one. */
export function eventIngestion(
  options: Pick<EventIngestionOptions, 'batchSize' | 'flushIntervalMs' | 'onError'>,
): MobPlugin {
  return {
    name: 'event-ingestion',
    register({ container, provideResource }) {
      provideResource({
        name: 'event-ingestion',
        open: async () =>
          createEventIngestion({
            ...options,
            store: container.resolve(tokens.eventLogStore),
            deadLetters: container.resolve(deadLettersToken),
            ...(container.isRegistered(spoolToken) && { spool: container.resolve(spoolToken) }),
          }),
        close: async (ingestion) => void (await ingestion.close({ deadlineMs: CLOSE_DEADLINE_MS })),
      }).fill(tokens.eventSink, (ingestion) => ingestion);
    },
  };
}
