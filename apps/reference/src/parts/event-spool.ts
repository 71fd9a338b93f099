import { type MobPlugin, type Token, token } from '@mobkit/di';
import { type EventSpool, type EventSpoolOptions, openEventSpool } from '@mobkit/event-log';

/** Where events wait while the event log takes none. Without this part nobody fills it. */
export const spoolToken: Token<EventSpool> = token('app.EventSpool');

/** The spool on disk; closed after the ingestion that uses it. */
export function eventSpool(options: EventSpoolOptions): MobPlugin {
  return {
    name: 'event-spool',
    register(context) {
      context
        .provideResource({
          name: 'event-spool',
          open: () => openEventSpool(options),
          close: (spool) => spool.close(),
        })
        .fill(spoolToken, (spool) => spool);
    },
  };
}
