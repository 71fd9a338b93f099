import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { createEventIngestion } from '@mobkit/event-log';
import { openSqliteStores } from '@mobkit/store-sqlite';

const TICK_MS = 10;

/** The 99th percentile, in milliseconds, of how late the event loop is while events are ingested into SQLite. */
export async function loopDelayWhileAppending(
  directory: string,
  { eventsPerS, seconds }: { readonly eventsPerS: number; readonly seconds: number },
): Promise<number> {
  const { eventLog, close } = await openSqliteStores({ directory });
  const ingestion = createEventIngestion({ store: eventLog });
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const startedMs = performance.now();
  const total = eventsPerS * seconds;
  for (let sent = 0; sent < total; await sleep(TICK_MS)) {
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) / 1000) * eventsPerS));
    for (; sent < due; sent++) ingestion.ingest(event(sent));
  }
  delays.disable();
  const { persisted } = await ingestion.close();
  await close();
  if (persisted !== total) throw new Error(`${persisted} of ${total} events were persisted`);
  return delays.percentile(99) / 1e6;
}

function event(n: number) {
  return {
    id: `bench-${n}`,
    timestampMs: Date.now(),
    memberId: 'worker-1:0',
    identity: 'worker-1',
    mobId: 'bench',
    interactionId: 'bench',
    event: {
      kind: 'agent',
      agentId: 'worker-1:0',
      eventType: 'text_delta',
      payload: { type: 'text_delta', delta: 'x'.repeat(200) },
    },
  } as const;
}
