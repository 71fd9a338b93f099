// Buffered ingestion in front of an event log, and nothing else.
import { createEventIngestion } from '@mobkit/event-log';
import { openMemoryStores } from '@mobkit/store-memory';

const { eventLog, close } = await openMemoryStores();
const ingestion = createEventIngestion({ store: eventLog });
for (const eventType of ['run_started', 'run_completed']) {
  const event = { kind: 'agent', agentId: 'worker-1:0', eventType } as const;
  ingestion.ingest({ id: `evt-${eventType}`, timestampMs: Date.now(), identity: 'worker-1', event });
}
const { accepted, persisted } = await ingestion.close();
const { events } = await eventLog.query({ identity: 'worker-1', afterSeq: 0 });
console.log(`${accepted} accepted, ${persisted} persisted`);
console.log(events.map(({ seq, event }) => `${seq} ${event.eventType}`).join(', '));
await close();
