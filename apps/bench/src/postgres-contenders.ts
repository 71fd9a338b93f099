import { finished } from 'node:stream/promises';

import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import type { NewEvent } from '@mobkit/core';
import { openPostgresStores } from '@mobkit/store-postgres';
import { Client } from 'pg';
import PgBoss from 'pg-boss';
import { from as copyFrom } from 'pg-copy-streams';

import type { Contender } from './alternate.js';
import { benchEvents } from './events.js';
import type { BenchPostgres } from './postgres.js';

export interface AppendOptions {
  readonly batch: number;
  readonly rows: number;
}

let schemas = 0;

/** A schema of its own, dropped afterwards; what was written before has reached the disk. */
async function inSchema(postgres: BenchPostgres, work: (schema: string) => Promise<number>): Promise<number> {
  const schema = `bench_${schemas++}`;
  await postgres.run('checkpoint');
  try {
    return await work(schema);
  } finally {
    await postgres.run(`drop schema if exists ${schema} cascade`);
  }
}

/** Sends batches, so many at a time under way; rows per second. */
async function rate(
  { batch, rows }: AppendOptions,
  underWay: number,
  send: (events: readonly NewEvent[], from: number) => Promise<unknown>,
): Promise<number> {
  const startedMs = performance.now();
  const sent: Promise<unknown>[] = [];
  for (let from = 0; from < rows; from += batch) {
    sent.push(send(benchEvents(from, from + batch), from));
    if (sent.length === underWay) await sent.shift();
  }
  await Promise.all(sent);
  return rows / ((performance.now() - startedMs) / 1000);
}

/** Our event log, with so many appends under way. */
export function ours(
  postgres: BenchPostgres,
  options: AppendOptions,
  underWay: number,
  name: string,
): Contender {
  return {
    name,
    measure: () =>
      inSchema(postgres, async (schema) => {
        const { eventLog, close } = await openPostgresStores({
          connectionString: postgres.connectionString,
          schema,
        });
        // Connected and prepared, as the peers are.
        await eventLog.appendBatch([{ ...benchEvents(0, 1)[0]!, id: 'warm' }]);
        const perSecond = await rate(options, underWay, (events) => eventLog.appendBatch(events));
        const { lastSeq } = await eventLog.query({ limit: 1 });
        await close();
        if (lastSeq !== options.rows + 1) throw new Error(`${lastSeq} events were kept`);
        return perSecond;
      }),
  };
}

const FIELDS = ['event_type', 'member_id', 'identity', 'mob_id', 'run_id', 'step_id'] as const;

/** COPY into the table and the indexes that our store makes: a commit for each batch, rows numbered by the client. */
export function copy(
  postgres: BenchPostgres,
  options: AppendOptions,
  connections: number,
  name: string,
): Contender {
  return {
    name,
    measure: () =>
      inSchema(postgres, async (schema) => {
        const { close } = await openPostgresStores({
          connectionString: postgres.connectionString,
          schema,
        });
        await close();
        const clients = await Promise.all(
          Array.from({ length: connections }, async () => {
            const client = new Client({ connectionString: postgres.connectionString });
            await client.connect();
            return client;
          }),
        );
        const columns = `partition, seq, id, timestamp_ms, data, ${FIELDS.join(', ')}`;
        const sql = `copy ${schema}.event_log (${columns}) from stdin`;
        const perSecond = await rate(options, connections, async (events, from) => {
          const stream = clients[(from / options.batch) % connections]!.query(copyFrom(sql));
          stream.end(events.map((event, index) => copyLine(event, from + index + 1)).join(''));
          await finished(stream);
        });
        await Promise.all(clients.map((client) => client.end()));
        return perSecond;
      }),
  };
}

function copyLine(event: NewEvent, seq: number): string {
  const { id, timestampMs, ...data } = event;
  const fields = [
    event.event.eventType,
    event.memberId,
    event.identity,
    event.mobId,
    event.runId,
    event.stepId,
  ];
  const columns = ['', seq, id, timestampMs, JSON.stringify(data), ...fields];
  return `${columns.map((value) => (value === undefined ? '\\N' : escape(String(value)))).join('\t')}\n`;
}

function escape(text: string): string {
  return text.replaceAll(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? '');
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The event store emmett: one stream, the same events, in a schema of its own. */
export function emmett(postgres: BenchPostgres, options: AppendOptions): Contender {
  return {
    name: `emmett_${options.batch}_rows_per_s`,
    async measure() {
      await postgres.run('drop schema if exists bench_emmett cascade; create schema bench_emmett');
      await postgres.run('checkpoint');
      const address = new URL(postgres.connectionString);
      address.searchParams.set('options', '-c search_path=bench_emmett');
      const store = getPostgreSQLEventStore(address.href);
      await store.appendToStream('warm', [{ type: 'warm', data: {} }]);
      const perSecond = await rate(options, 1, (events) =>
        store.appendToStream(
          'bench',
          events.map(({ event, ...data }) => ({ type: event.eventType, data: { ...data, event } })),
        ),
      );
      await store.close();
      await postgres.run('drop schema if exists bench_emmett cascade');
      return perSecond;
    },
  };
}

/** The job queue pg-boss: one insert of so many jobs. */
export function pgBoss(postgres: BenchPostgres, options: AppendOptions): Contender {
  return {
    name: `pgboss_${options.batch}_rows_per_s`,
    measure: () =>
      inSchema(postgres, async (schema) => {
        const boss = new PgBoss({
          connectionString: postgres.connectionString,
          schema,
          supervise: false,
          schedule: false,
        });
        boss.on('error', (error) => console.error(error));
        await boss.start();
        await boss.createQueue('bench');
        const perSecond = await rate(options, 1, (events) =>
          boss.insert(events.map((event) => ({ name: 'bench', data: { ...event } }))),
        );
        await boss.stop({ graceful: false });
        return perSecond;
      }),
  };
}
