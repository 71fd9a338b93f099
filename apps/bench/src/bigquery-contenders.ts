import { BigQuery, type Table } from '@google-cloud/bigquery';
import type { PersistedEvent } from '@mobkit/core';
import { openBigQueryArchive } from '@mobkit/store-bigquery';
import { PassThroughClient } from 'google-auth-library';

import type { Contender } from './alternate.js';
import { benchEvents } from './events.js';
import type { LocalBigQuery } from './local-bigquery.js';

export interface BigQueryBenchOptions {
  readonly server: LocalBigQuery['options'];
  readonly batch: number;
  readonly batches: number;
}

let datasets = 0;

/** Microseconds of CPU for each row; the first batch, which compiles and connects, is not counted. */
async function cost(
  { batch, batches }: BigQueryBenchOptions,
  write: (events: readonly PersistedEvent[]) => Promise<unknown>,
): Promise<number> {
  const of = (at: number) =>
    benchEvents(at * batch, (at + 1) * batch).map((event, n) => ({ ...event, seq: at * batch + n + 1 }));
  // All of them before: what making them leaves behind is nobody's cost here.
  const [first = [], ...others] = Array.from({ length: batches + 1 }, (_, at) => of(at));
  await write(first);
  let spentUs = 0;
  for (const events of others) {
    const before = process.cpuUsage();
    await write(events);
    const { user, system } = process.cpuUsage(before);
    spentUs += user + system;
  }
  return spentUs / (batch * batches);
}

/** A new archive in a dataset of its own. */
function open({ server }: BigQueryBenchOptions) {
  const dataset = `bench_${datasets++}`;
  return { dataset, opened: openBigQueryArchive({ ...server, dataset, mode: 'stream' }) };
}

/** Our archive: rows made, streamed, found readable, and the head moved behind them. */
export function ours(options: BigQueryBenchOptions, name: string): Contender {
  return {
    name,
    async measure() {
      const { archive, close } = await open(options).opened;
      const perRow = await cost(options, (events) => archive.put(events));
      const { lastSeq } = await archive.bounds();
      await close();
      if (lastSeq !== options.batch * (options.batches + 1)) throw new Error(`${lastSeq} events are held`);
      return perRow;
    },
  };
}

/** The official client's own insert of the same rows into a table like ours; `raw` spares it looking at every value. */
export function clientInsert(options: BigQueryBenchOptions, name: string, raw: boolean): Contender {
  return {
    name,
    async measure() {
      const { dataset, opened } = open(options);
      await (await opened).close();
      const { projectId = '', apiEndpoint = '' } = options.server;
      const client = new BigQuery({ projectId, apiEndpoint, authClient: new PassThroughClient() });
      const table: Table = client.dataset(dataset).table('event_archive');
      return cost(options, (events) => {
        const rows = events.map(toRow);
        if (!raw) return table.insert(rows);
        return table.insert(
          rows.map((json) => ({ insertId: String(json.seq), json })),
          { raw },
        );
      });
    },
  };
}

function toRow({ seq, id, timestampMs, ...kept }: PersistedEvent) {
  return {
    event_day: new Date(timestampMs).toISOString().slice(0, 10),
    seq,
    fence: 0,
    id,
    timestamp_ms: timestampMs,
    event_type: kept.event.eventType,
    member_id: kept.memberId,
    identity: kept.identity,
    mob_id: kept.mobId,
    run_id: kept.runId,
    step_id: kept.stepId,
    data: JSON.stringify(kept),
    written_ms: Date.now(),
  };
}
