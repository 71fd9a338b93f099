import { join } from 'node:path';

import type { EventLogStore, PersistedEvent } from '@mobkit/core';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';
import Database from 'libsql';
import { Client } from 'pg';

import { ratio } from './alternate.js';
import type { Bench } from './bench.js';
import { benchEvents } from './events.js';
import { pageQueries, type PageQuery } from './page-queries.js';
import { percentile } from './percentile.js';
import { startPostgres } from './postgres.js';
import { scaled } from './scale.js';
import { diskOfTemporaryFiles, inTemporaryDirectory } from './temporary-directory.js';

const EVENTS = 1_000_000;
const LIMIT = 256;
const REPEATS = 5;
/** Pages of each filter in one repeat: a 99th percentile of fewer would be one page's luck. */
const ROUNDS = 200;
const WARM_ROUNDS = 5;
/** SQL by hand may take a tenth of a second for a page: it is asked for as many as this allows, and at least ten. */
const LONGEST_MS = 3_000;

type Row = Readonly<Record<string, string | number | null>>;
type Raw = (page: PageQuery) => Promise<readonly PersistedEvent[]>;

/** How long a page takes, beside the same page asked for in SQL by hand, and made into the same objects. */
export const page: Bench = {
  name: 'page',
  about: '256 of a million events by each filter; p99 in milliseconds, ours against SQL by hand',
  async run(progress) {
    const count = scaled(EVENTS);
    const samples: Record<string, number[]> = {};
    const ratios: Record<string, number> = {};
    const measure = async (store: string, log: EventLogStore, raw: Raw) => {
      progress(`page: ${store}: filling`);
      await fill(log, count);
      for (let repeat = 1; repeat <= scaled(REPEATS); repeat++) {
        progress(`page: ${store}: ${repeat} of ${scaled(REPEATS)}`);
        for (const one of pageQueries(count)) {
          const { ours, theirs } = await measurePage(log, raw, one);
          (samples[`${store}_${one.name}_p99_ms`] ??= []).push(percentile(ours, 99));
          (samples[`${store}_${one.name}_raw_p99_ms`] ??= []).push(percentile(theirs, 99));
        }
      }
      for (const { name } of pageQueries(count)) {
        const of = `${store}_${name}`;
        ratios[`${of}_p99_vs_raw`] = ratio(samples[`${of}_p99_ms`], samples[`${of}_raw_p99_ms`]);
      }
    };
    const postgres = await startPostgres();
    try {
      await onPostgres(postgres.connectionString, measure);
    } finally {
      await postgres.close();
    }
    await onSqlite(measure);
    return {
      settings: {
        ...postgres.settings,
        sqlite_disk: await diskOfTemporaryFiles(),
        events: count,
        limit: LIMIT,
        repeats: scaled(REPEATS),
        pages_each: `${scaled(ROUNDS)}, fewer where they take longer than ${LONGEST_MS} ms together`,
      },
      samples,
      ratios: { worst_p99_vs_raw: Math.max(...Object.values(ratios)), ...ratios },
    };
  },
};

type Measure = (store: string, log: EventLogStore, raw: Raw) => Promise<void>;

async function onPostgres(connectionString: string, measure: Measure): Promise<void> {
  const { eventLog, close } = await openPostgresStores({ connectionString, schema: 'bench_page' });
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await measure('pg', eventLog, async (query) => {
      const { rows } = await client.query<Row>(sqlOf('bench_page.event_log', query), [...query.parameters]);
      return rows.map(toEvent);
    });
  } finally {
    await client.end();
    await close();
  }
}

async function onSqlite(measure: Measure): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    const { eventLog, close } = await openSqliteStores({ directory });
    const database = new Database(join(directory, 'mobkit.sqlite3'));
    // Kept prepared, as our store keeps them.
    const statements = new Map<string, Database.Statement>();
    try {
      await measure('sqlite', eventLog, async (query) => {
        const statement =
          statements.get(query.name) ?? database.prepare(sqlOf('event_log', query).replaceAll(/\$\d/g, '?'));
        statements.set(query.name, statement);
        return (statement.all([...query.parameters]) as readonly Row[]).map(toEvent);
      });
    } finally {
      database.close();
      await close();
    }
  });
}

function sqlOf(table: string, { where, descending }: PageQuery): string {
  return `select seq, id, timestamp_ms, data from ${table} where partition = '' and ${where}
    order by seq ${descending ? 'desc' : 'asc'} limit ${LIMIT + 1}`;
}

function toEvent(row: Row): PersistedEvent {
  const about = JSON.parse(String(row['data'])) as Omit<PersistedEvent, 'id' | 'seq' | 'timestampMs'>;
  return {
    id: String(row['id']),
    seq: Number(row['seq']),
    timestampMs: Number(row['timestamp_ms']),
    ...about,
  };
}

async function fill(log: EventLogStore, count: number): Promise<void> {
  const batch = 1_000;
  for (let from = 0; from < count; from += batch) {
    await log.appendBatch(benchEvents(from, Math.min(from + batch, count)));
  }
}

/** Ours and theirs in turns, each going first about as often as the other. */
async function measurePage(log: EventLogStore, raw: Raw, one: PageQuery) {
  const ours: number[] = [];
  const theirs: number[] = [];
  const endMs = performance.now() + LONGEST_MS;
  for (let round = -WARM_ROUNDS; round < scaled(ROUNDS); round++) {
    if (round >= 10 && performance.now() > endMs) break;
    const pair = [
      async () => {
        const startedMs = performance.now();
        const { events } = await log.query({ ...one.query, limit: LIMIT });
        if (round >= 0) ours.push(performance.now() - startedMs);
        return events.map(({ seq }) => seq);
      },
      async () => {
        const startedMs = performance.now();
        const events = await raw(one);
        if (round >= 0) theirs.push(performance.now() - startedMs);
        return events.slice(0, LIMIT).map(({ seq }) => seq);
      },
    ] as const;
    // By chance: in a fixed order the pauses of the garbage collector, which come after so many pages, fall on one of them.
    const [first, second] = Math.random() < 0.5 ? pair : [pair[1], pair[0]];
    const answers = [await first(), await second()];
    if (round === 0) expectSame(one.name, answers);
  }
  return { ours, theirs };
}

function expectSame(name: string, [one = [], other = []]: readonly (readonly number[])[]): void {
  const sorted = (seqs: readonly number[]) => seqs.toSorted((a, b) => a - b).join();
  if (one.length === 0 || sorted(one) !== sorted(other)) throw new Error(`${name}: the pages differ`);
}
