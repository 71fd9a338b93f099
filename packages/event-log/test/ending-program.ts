import { type EventLogStore, MobError, type NewEvent } from '@mobkit/core';
import { createEventIngestion } from '@mobkit/event-log';

// A host over a log that is away: does what it is told, then has nothing more to do.

const event: NewEvent = {
  id: 'a',
  timestampMs: 1_000,
  event: { kind: 'agent', agentId: 'worker-1:0', eventType: 'turn_started' },
};
const away = async (): Promise<never> => {
  throw new MobError('MOB_STORE_UNAVAILABLE', 'no answer', { retryable: true });
};
const store: EventLogStore = {
  supports: { durable: false, cursor: 'strict' },
  appendBatch: away,
  query: away,
};
const say = (count: number) => process.stdout.write(`${count}\n`);
const ingestion = createEventIngestion({ store, batchSize: 1 });

switch (process.argv[2]) {
  case 'close':
    ingestion.ingest(event);
    say((await ingestion.close({ deadlineMs: 300 })).dropped.closed);
    break;
  case 'flush':
    ingestion.ingest(event);
    say((await ingestion.flush({ deadlineMs: 300 })).unflushed);
    break;
  case 'leave':
    ingestion.ingest(event);
    break;
  default:
    await ingestion.flush();
}
