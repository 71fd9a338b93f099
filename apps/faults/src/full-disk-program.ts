import { rmSync, writeFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { event } from '@mobkit/contract-kit';
import { type EventLogStore, MobError } from '@mobkit/core';
import { createEventIngestion, openEventSpool } from '@mobkit/event-log';

// Runs on a small disk: fills the spool until the disk is full, makes room, lets the log come back, and says what came of
// everything.

const GIVEN = 30_000;
const text = 'x'.repeat(300);
const kept: string[] = [];
let down = true;
const store: EventLogStore = {
  supports: { durable: false, cursor: 'strict' },
  async appendBatch(events) {
    if (down) throw new MobError('MOB_STORE_UNAVAILABLE', 'no answer', { retryable: true });
    kept.push(...events.map(({ id }) => id));
    return { stored: events.length, duplicates: [], lastSeq: kept.length };
  },
  query: () => Promise.reject(new TypeError('nobody asks')),
};
const told: string[] = [];
writeFileSync('filler', Buffer.alloc(1024 * 1024));
const spool = await openEventSpool({
  directory: 'spool',
  onError: (error) => 'error' in error && told.push(error.error),
});
const ingestion = createEventIngestion({ store, spool });
for (let n = 0; n < GIVEN; n++) {
  const said = { kind: 'module', module: 'm', eventType: 'said', payload: text } as const;
  ingestion.ingest(event(String(n).padStart(8, '0'), { event: said }));
  if (n % 64 === 0) await nextTurn();
}
const full = ingestion.stats();
rmSync('filler');
while (ingestion.stats().spilled === full.spilled) await nextTurn();
const roomy = ingestion.stats();
down = false;
await ingestion.flush({ retryNow: true });
const after = await ingestion.close();
await spool.close();
process.send?.({ told, full, roomy, after, kept });
process.disconnect();
