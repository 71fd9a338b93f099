import type { Storage } from '@mobkit/core';
import type { ScheduleFunction, Scheduler } from '@mobkit/core/ops';
import { openScheduler } from '@mobkit/scheduler';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';

import type { Bench } from './bench.js';
import { percentile } from './percentile.js';
import { startPostgres } from './postgres.js';
import { scaled } from './scale.js';
import { cronerLateness, pgBossLateness } from './scheduler-peers.js';
import { idleHost, putSchedules } from './scheduler-records.js';
import { diskOfTemporaryFiles, inTemporaryDirectory } from './temporary-directory.js';

const FEW = 10;
const RATE_PER_S = 100;
const REPEATS = 3;
/** How often an idle scheduler is asked what it asks once a minute. */
const IDLE_ASKS = 200;

/** What schedules cost that are kept and not due, and how late those are that are. */
export const scheduler: Bench = {
  name: 'scheduler',
  about: 'schedules with stored due times: starting with many, waiting with many, firing 100 a second',
  async run(progress) {
    const many = scaled(100_000);
    const repeats = scaled(REPEATS);
    const seconds = Math.max(scaled(1_000) / 100, 1);
    const samples: Record<string, number[]> = {};
    const add = (name: string, value: number) => (samples[name] ??= []).push(value);
    let peers: Readonly<Record<string, number>> = {};
    const postgres = await startPostgres();
    try {
      await inTemporaryDirectory(async (directory) => {
        progress(`scheduler: keeping ${many} schedules`);
        const stores = await openSqliteStores({ directory: `${directory}/many` });
        const few = await openSqliteStores({ directory: `${directory}/few` });
        try {
          await putSchedules(stores.storage, many);
          await putSchedules(few.storage, FEW);
          for (let repeat = 0; repeat < repeats; repeat += 1) {
            progress(`scheduler: starting with them, ${repeat + 1} of ${repeats}`);
            add('load_s', await timeToLoad(stores.storage));
            const [ofMany, ofFew] = [await idleUs(stores.storage), await idleUs(few.storage)];
            add('idle_many_us', ofMany);
            add('idle_few_us', ofFew);
          }
          progress(`scheduler: ${RATE_PER_S} due a second among them, for ${seconds} s`);
          for (let repeat = 0; repeat < repeats; repeat += 1) {
            add('lateness_p99_ms', await lateness(stores.storage, seconds, `r${repeat}`));
          }
        } finally {
          await stores.close();
          await few.close();
        }
      });
      progress('scheduler: the same on Postgres');
      const { connectionString } = postgres;
      const stores = await openPostgresStores({ connectionString, schema: 'bench_scheduler' });
      try {
        await putSchedules(stores.storage, many);
        add('load_pg_s', await timeToLoad(stores.storage));
        for (let repeat = 0; repeat < repeats; repeat += 1) {
          add('lateness_pg_p99_ms', await lateness(stores.storage, seconds, `r${repeat}`));
        }
      } finally {
        await stores.close();
      }
      progress('scheduler: croner, which keeps nothing, and pg-boss, which polls');
      peers = {
        croner_p99_ms: await cronerLateness(RATE_PER_S, seconds),
        pg_boss_p99_ms: await pgBossLateness(connectionString, RATE_PER_S, seconds),
      };
      for (const [name, value] of Object.entries(peers)) add(name, value);
    } finally {
      await postgres.close();
    }
    const { idle_many_us: ofMany = [], idle_few_us: ofFew = [] } = samples;
    return {
      settings: {
        ...postgres.settings,
        sqlite_disk: await diskOfTemporaryFiles(),
        schedules: many,
        few: FEW,
        per_s: RATE_PER_S,
        seconds,
        repeats,
      },
      samples,
      ratios: { idle_ratio: Math.min(...ofMany) / Math.min(...ofFew) },
    };
  },
};

/** From nothing open to every schedule ready to be fired. */
async function timeToLoad(storage: Storage): Promise<number> {
  const startedMs = performance.now();
  const opened = await running(storage);
  await opened.list({ limit: 1 });
  const seconds = (performance.now() - startedMs) / 1_000;
  await opened.stop({ deadlineMs: 0 });
  return seconds;
}

/** What a scheduler does once a minute while nothing is due. */
async function idleUs(storage: Storage): Promise<number> {
  const { records } = await storage.contents();
  const definition = records.find(({ name }) => name === 'schedules');
  if (!definition) throw new Error('scheduler: no schedules are kept');
  const schedules = storage.records(definition);
  const claim = { owner: 'bench', leaseMs: 1_000, limit: 32 };
  for (let asked = 0; asked < IDLE_ASKS / 10; asked += 1) await schedules.claimDue(claim);
  const startedMs = performance.now();
  for (let asked = 0; asked < IDLE_ASKS; asked += 1) await schedules.claimDue(claim);
  return ((performance.now() - startedMs) * 1_000) / IDLE_ASKS;
}

/** How late occurrences begin that are due evenly, the 99th percentile, in milliseconds. */
async function lateness(storage: Storage, seconds: number, prefix: string): Promise<number> {
  const late: number[] = [];
  const count = RATE_PER_S * seconds;
  const beginMs = Date.now() + 2_000;
  await putSchedules(storage, count, {
    prefix,
    dueAtMs: (at) => beginMs + Math.round((at * 1_000) / RATE_PER_S),
  });
  let done = () => {};
  const all = new Promise<void>((resolve) => (done = resolve));
  const opened = await running(storage, async ({ dueAtMs }) => {
    late.push(Date.now() - dueAtMs);
    if (late.length === count) done();
  });
  await all;
  await opened.stop({ deadlineMs: 10_000 });
  return percentile(late, 99);
}

async function running(storage: Storage, work: ScheduleFunction = async () => {}): Promise<Scheduler> {
  const opened = await openScheduler({ storage, functions: { work } });
  await opened.start(idleHost);
  return opened;
}
