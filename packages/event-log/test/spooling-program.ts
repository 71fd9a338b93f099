import { createInterface } from 'node:readline';

import { type EventLogStore, MobError } from '@mobkit/core';
import { createEventIngestion, openEventSpool } from '@mobkit/event-log';

// A host over a log that is away: ingests until it is killed, and prints how many of its events are on disk. It may kill
// itself, with its last word: nothing that was not done by then is done after it.

const [directory = '', words = 'Infinity', fsync = 'always'] = process.argv.slice(2);
const away = async (): Promise<never> => {
  throw new MobError('MOB_STORE_UNAVAILABLE', 'no answer', { retryable: true });
};
const store: EventLogStore = {
  supports: { durable: false, cursor: 'strict' },
  appendBatch: away,
  query: away,
};
const spool = await openEventSpool({ directory, fsync: fsync as 'always' });
const { recovered } = spool;
const ingestion = createEventIngestion({ store, spool, batchSize: 1 });
process.stdout.write(`ready ${recovered}\n`);

let next = recovered;
let said = recovered;
let left = Number(words);
function say(spilled: number): void {
  process.stdout.write(`${(said = spilled)}\n`);
  if (--left === 0) process.kill(process.pid, 'SIGKILL');
}

for await (const line of createInterface({ input: process.stdin })) {
  for (let n = Number(line); n > 0; n--, next++) {
    const payload = 'x'.repeat(next % 700);
    ingestion.ingest({
      id: `evt-${String(next).padStart(8, '0')}`,
      timestampMs: 1_000 + next,
      event: { kind: 'module', module: 'm', eventType: 'said', payload },
    });
  }
  while (ingestion.stats().buffered > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    const { spilled } = ingestion.stats();
    if (spilled > said) say(spilled);
  }
  say(ingestion.stats().spilled);
}
