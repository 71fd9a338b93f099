import { tokens, type MobPlugin } from '@mobkit/di';
import { createEventIngestion, type EventIngestionOptions } from '@mobkit/event-log';

/** How long the last flush may take when the app stops. The runtime has flushed before: this is for what came after. */
const CLOSE_DEADLINE_MS = 2_000;

/** Buffered ingestion in front of whatever fills `EventLogStore`. */
export function eventIngestion(options: Omit<EventIngestionOptions, 'store'>): MobPlugin {
  return {
    name: 'event-ingestion',
    register(context) {
      context
        .provideResource({
          name: 'event-ingestion',
          open: async () =>
            createEventIngestion({ ...options, store: context.container.resolve(tokens.eventLogStore) }),
          close: async (ingestion) => void (await ingestion.close({ deadlineMs: CLOSE_DEADLINE_MS })),
        })
        .fill(tokens.eventSink, (ingestion) => ingestion);
    },
  };
}
