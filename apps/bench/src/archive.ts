import { setTimeout as sleep } from 'node:timers/promises';

import type { EventArchive } from '@mobkit/core';
import { archivedEventLog, createEventIngestion } from '@mobkit/event-log';
import { openBigQueryArchive } from '@mobkit/store-bigquery';
import { openSqliteStores } from '@mobkit/store-sqlite';

import type { Bench } from './bench.js';
import { benchEvent } from './events.js';
import { startLocalBigQuery } from './local-bigquery.js';
import { scaled } from './scale.js';
import { inTemporaryDirectory } from './temporary-directory.js';

const EVENTS_PER_S = 2_000;
const STEADY_S = 30;
const DOWN_S = 60;
const AFTER_S = 5;
const TICK_MS = 10;
const HOT_EVENTS = 10_000;
/** As the app has it. */
const BATCH_SIZE = 5_000;

/** How far an archive in BigQuery is behind, and what becomes of events while it is away for a minute. */
export const archive: Bench = {
  name: 'archive',
  about: `${EVENTS_PER_S} events a second into SQLite, archived in a local BigQuery, which is away for ${DOWN_S} s`,
  async run(progress) {
    const bigquery = await startLocalBigQuery();
    try {
      const opened = await openBigQueryArchive(bigquery.options);
      try {
        const samples = await inTemporaryDirectory((directory) =>
          measure(directory, opened.archive, bigquery.setAway, progress),
        );
        const settings = {
          events_per_s: EVENTS_PER_S,
          steady_s: scaled(STEADY_S),
          down_s: scaled(DOWN_S),
          hot_events: HOT_EVENTS,
          batch_size: BATCH_SIZE,
        };
        return { settings, samples };
      } finally {
        await opened.close();
      }
    } finally {
      await bigquery.close();
    }
  },
};

async function measure(
  directory: string,
  cold: EventArchive,
  setAway: (away: boolean) => Promise<void>,
  progress: (line: string) => void,
) {
  const { eventLog: primary, close } = await openSqliteStores({ directory });
  /** When each event was given, by its number. */
  const givenMs: number[] = [];
  const lags: number[] = [];
  const watched: EventArchive = {
    supports: cold.supports,
    bounds: () => cold.bounds(),
    query: (query) => cold.query(query),
    // An event that can be read has been behind for as long as the first of its batch.
    async put(events) {
      await cold.put(events);
      const [first] = events;
      if (first) lags.push((performance.now() - (givenMs[first.seq] ?? NaN)) / 1000);
    },
  };
  const log = await archivedEventLog({
    primary,
    archive: watched,
    hot: { events: HOT_EVENTS },
    batchSize: BATCH_SIZE,
  });
  const ingestion = createEventIngestion({ store: log });
  const give = async (seconds: number) => {
    const startedMs = performance.now();
    const first = givenMs.length;
    for (const last = first + seconds * EVENTS_PER_S; givenMs.length < last; await sleep(TICK_MS)) {
      const due = first + Math.floor(((performance.now() - startedMs) / 1000) * EVENTS_PER_S);
      while (givenMs.length < Math.min(due, last)) {
        // Numbers of the log begin at 1.
        if (givenMs.length === 0) givenMs.push(performance.now());
        ingestion.ingest(benchEvent(givenMs.length));
        givenMs.push(performance.now());
      }
    }
  };
  const shipped = async () => {
    await ingestion.flush();
    while ((await log.lag()).behind > 0) await sleep(TICK_MS);
  };
  progress('archive: steady');
  await give(scaled(STEADY_S));
  await shipped();
  const steady = Math.max(...lags);
  progress(`archive: at most ${steady.toFixed(2)} s behind`);
  progress('archive: away');
  await setAway(true);
  await give(scaled(DOWN_S));
  await setAway(false);
  progress('archive: back');
  const backMs = performance.now();
  await give(scaled(AFTER_S));
  await shipped();
  progress(`archive: caught up, ${givenMs.length - 1} events; reading them back`);
  const recoveryS = (performance.now() - backMs) / 1000;
  const { dropped } = await ingestion.close();
  await log.close({ deadlineMs: 1_000 });
  const { missing, doubled } = await check(cold, givenMs.length - 1);
  const { firstSeq, lastSeq } = await primary.query({ limit: 0 });
  await close();
  return {
    lag_s: [steady],
    missing: [missing],
    doubled: [doubled],
    dropped: [dropped.overflow + dropped.refused + dropped.corrupt + dropped.closed],
    recovery_s: [recoveryS],
    hot_left: [lastSeq - firstSeq + 1],
  };
}

/** Reads the archive whole. */
async function check(cold: EventArchive, given: number) {
  let read = 0;
  const seen = new Set<string>();
  for (let afterSeq = 0, more = true; more;) {
    const page = await cold.query({ afterSeq, limit: 1_000 });
    for (const { id } of page.events) {
      read++;
      seen.add(id);
    }
    afterSeq = page.scannedTo;
    more = page.more;
  }
  return { missing: given - seen.size, doubled: read - seen.size };
}
