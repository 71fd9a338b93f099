import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { EventLogStore } from '@mobkit/core';
import { createEventIngestion, openEventSpool } from '@mobkit/event-log';
import { openPostgresStores } from '@mobkit/store-postgres';

import type { Bench } from './bench.js';
import { benchEvent } from './events.js';
import { startPostgres } from './postgres.js';
import { openRefusingProxy } from './refusing-proxy.js';
import { scaled } from './scale.js';
import { inTemporaryDirectory } from './temporary-directory.js';

const EVENTS_PER_S = 5_000;
const DOWN_S = 60;
const TICK_MS = 10;
/** Before the outage, so that what every program needs is there when memory is first looked at. */
const WARM_S = 3;
const AFTER_S = 2;

/** What becomes of events while Postgres cannot be reached for a minute. */
export const outage: Bench = {
  name: 'outage',
  about: `Postgres unreachable for ${DOWN_S} s at ${EVENTS_PER_S} events a second, with a spool`,
  async run(progress) {
    const postgres = await startPostgres();
    const address = new URL(postgres.connectionString);
    const proxy = await openRefusingProxy({ host: address.hostname, port: Number(address.port) });
    address.port = String(proxy.port);
    try {
      const measured = await inTemporaryDirectory((directory) =>
        measure(address.href, join(directory, 'spool'), proxy.refuse, progress),
      );
      const settings = {
        ...postgres.settings,
        events_per_s: EVENTS_PER_S,
        down_s: scaled(DOWN_S),
        spool: 'fsync interval',
      };
      return {
        settings,
        samples: Object.fromEntries(Object.entries(measured).map(([name, value]) => [name, [value]])),
      };
    } finally {
      await proxy.close();
      await postgres.close();
    }
  },
};

async function measure(
  connectionString: string,
  directory: string,
  refuse: (refusing: boolean) => void,
  progress: (line: string) => void,
) {
  const { eventLog, close } = await openPostgresStores({ connectionString, schema: 'bench_outage' });
  const spool = await openEventSpool({ directory });
  const ingestion = createEventIngestion({ store: eventLog, spool });
  let given = 0;
  let peak = 0;
  const give = async (seconds: number, watch = false) => {
    const startedMs = performance.now();
    const first = given;
    let lookAtMs = startedMs + 2_000;
    for (const last = first + seconds * EVENTS_PER_S; given < last; await sleep(TICK_MS)) {
      const due = first + Math.floor(((performance.now() - startedMs) / 1000) * EVENTS_PER_S);
      while (given < Math.min(due, last)) ingestion.ingest(benchEvent(given++));
      if (!watch || performance.now() < lookAtMs) continue;
      peak = Math.max(peak, usedMb());
      lookAtMs = performance.now() + 2_000;
    }
  };
  await give(scaled(WARM_S));
  const beforeMb = (peak = usedMb());
  progress('outage: down');
  refuse(true);
  await give(scaled(DOWN_S), true);
  refuse(false);
  progress('outage: back');
  const backMs = performance.now();
  await give(scaled(AFTER_S), true);
  await ingestion.flush();
  const recoveryS = (performance.now() - backMs) / 1000;
  const { dropped, persisted } = await ingestion.close();
  await spool.close();
  const { duplicates, outOfOrder, kept } = await check(eventLog);
  await close();
  if (kept !== given) throw new Error(`${kept} of ${given} events are in the log`);
  return {
    dropped: dropped.overflow + dropped.refused + dropped.corrupt + dropped.closed,
    duplicates,
    out_of_order: outOfOrder,
    growth_mb: peak - beforeMb,
    persisted,
    recovery_s: recoveryS,
  };
}

/** Heap, and what is outside it, after a collection: what is really held. */
function usedMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

async function check(log: EventLogStore) {
  let kept = 0;
  let outOfOrder = 0;
  const seen = new Set<string>();
  let last = '';
  for (let afterSeq = 0, more = true; more;) {
    const page = await log.query({ afterSeq, limit: 1_000 });
    for (const { id } of page.events) {
      kept++;
      if (id <= last) outOfOrder++;
      seen.add(id);
      last = id;
    }
    afterSeq = page.scannedTo;
    more = page.more;
  }
  return { kept: seen.size, duplicates: kept - seen.size, outOfOrder };
}
