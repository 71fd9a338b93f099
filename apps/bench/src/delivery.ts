import type { RecordsDefinition, Storage } from '@mobkit/core';
import { openDelivery } from '@mobkit/delivery';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';

import { ratio } from './alternate.js';
import type { Bench } from './bench.js';
import { percentile } from './percentile.js';
import { startPostgres } from './postgres.js';
import { scaled } from './scale.js';
import { diskOfTemporaryFiles, inTemporaryDirectory } from './temporary-directory.js';

const ROUNDS = 5;
/** Deliveries of a round, each beside a bare commit. */
const PAIRS = 200;
/** The first pay for compiling, and for new files. */
const WARM = 20;

/** Beside which a delivery is measured: one record of about the size of a delivery's. */
const bare = {
  kind: 'records',
  name: 'bench_bare',
  fields: { recipient: 'text', sink: 'text', status: 'text' },
} as const satisfies RecordsDefinition;

const resolution = {
  routeId: 'bench',
  recipient: 'ops',
  channel: 'notification',
  sink: 'box',
  targetModule: 'delivery',
  retryMax: 1,
  backoffMs: 250,
  rateLimitPerMinute: 2 ** 32 - 1,
} as const;

/** What it costs to deliver durably: the record before the sink is called and the one after, against one commit. */
export const delivery: Bench = {
  name: 'delivery',
  about:
    'one message to a sink that takes it at once, against one bare commit of the same store; milliseconds',
  async run(progress) {
    const samples: Record<string, number[]> = {};
    const round = async (store: string, storage: Storage) => {
      const { sent, committed } = await measure(storage);
      (samples[`${store}_delivery_p50_ms`] ??= []).push(percentile(sent, 50));
      (samples[`${store}_delivery_p99_ms`] ??= []).push(percentile(sent, 99));
      (samples[`${store}_commit_p50_ms`] ??= []).push(percentile(committed, 50));
    };
    const postgres = await startPostgres();
    try {
      for (let n = 0; n < scaled(ROUNDS); n++) {
        progress(`${n + 1} of ${scaled(ROUNDS)}: sqlite`);
        await inTemporaryDirectory(async (directory) => {
          const stores = await openSqliteStores({ directory });
          await round('sqlite', stores.storage);
          await stores.close();
        });
        progress(`${n + 1} of ${scaled(ROUNDS)}: postgres`);
        const stores = await openPostgresStores({
          connectionString: postgres.connectionString,
          schema: `bench_delivery_${n}`,
        });
        await round('postgres', stores.storage);
        await stores.close();
      }
      const against = (store: string) =>
        ratio(samples[`${store}_delivery_p50_ms`], samples[`${store}_commit_p50_ms`]);
      const [sqlite, onPostgres] = [against('sqlite'), against('postgres')];
      return {
        settings: {
          ...postgres.settings,
          sqlite: `synchronous full, ${await diskOfTemporaryFiles()}`,
          rounds: scaled(ROUNDS),
          deliveries: scaled(PAIRS),
        },
        samples,
        ratios: {
          p50_vs_commit: Math.max(sqlite, onPostgres),
          sqlite_p50_vs_commit: sqlite,
          postgres_p50_vs_commit: onPostgres,
        },
      };
    } finally {
      await postgres.close();
    }
  },
};

async function measure(storage: Storage) {
  await storage.prepare([bare]);
  let taken = 0;
  const box = { name: 'box', deliver: async () => void taken++ };
  const carrier = await openDelivery({ storage, sinks: () => [box] });
  const payload = 'x'.repeat(300);
  const data = JSON.stringify({ resolution, payload, attempts: [{ attempt: 1, status: 'sent' }] });
  const [sent, committed]: [number[], number[]] = [[], []];
  const pairs = scaled(PAIRS);
  for (let n = -WARM; n < pairs; n++) {
    const timed = async (into: number[], work: () => Promise<unknown>) => {
      const startedMs = performance.now();
      await work();
      if (n >= 0) into.push(performance.now() - startedMs);
    };
    const delivers = () => timed(sent, () => carrier.send({ resolution, payload, idempotencyKey: `${n}` }));
    const record = { fields: { recipient: 'ops', sink: 'box', status: 'sent' }, data };
    const put = { records: bare, key: `${n}`, record, expectedVersion: 0 };
    const commits = () => timed(committed, () => storage.commit({ puts: [put] }));
    // Who begins changes.
    for (const work of n % 2 === 0 ? [delivers, commits] : [commits, delivers]) await work();
  }
  if (taken !== pairs + WARM) throw new Error(`delivery: ${taken} messages were taken`);
  await carrier.stop({ deadlineMs: 0 });
  return { sent, committed };
}
