import { type MobPlugin, type Token, token } from '@mobkit/di';
import { type EventSpool, type EventSpoolOptions, openEventSpool } from '@mobkit/event-log';

/** Where events wait while the event log takes none. Without this part nobody fills it. */
export const spoolToken: Token<EventSpool> = token('app.EventSpool');

export interface EventSpoolPartOptions extends EventSpoolOptions {
  readonly onWarning: (text: string) => void;
}

/**
 * The spool on disk; closed after the ingestion that uses it. It knows nothing of the store, which may be another one than when
 * it was filled: says so when anything is in it.
 */
export function eventSpool({ onWarning, ...options }: EventSpoolPartOptions): MobPlugin {
  return {
    name: 'event-spool',
    register(context) {
      context
        .provideResource({
          name: 'event-spool',
          supports: { durable: true, processes: 'one' },
          async open() {
            const spool = await openEventSpool(options);
            if (spool.pending > 0) {
              onWarning(
                `${spool.pending} events of an earlier start wait in ${options.directory} and go into this store now, whichever they were meant for`,
              );
            }
            return spool;
          },
          close: (spool) => spool.close(),
        })
        .fill(spoolToken, (spool) => spool);
    },
  };
}
