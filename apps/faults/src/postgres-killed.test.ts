import { openPostgresStores } from '@mobkit/store-postgres';
import { expect, it, onTestFinished } from 'vitest';

import { faultsOf, NO_FAULTS } from './check-log.js';
import { tell } from './figures.js';
import { endLog, follow } from './follow.js';
import { amount } from './long.js';
import { startPostgres } from './restartable-postgres.js';
import { Writer } from './writer.js';

const KILLS = amount({ long: 20, short: 2 });
const BETWEEN = 400;
const schema = 'faults';
const faultsLog = { kind: 'log', name: 'faults', fields: { color: 'text' } } as const;

it(
  '[faults.postgres-killed] loses and repeats nothing when Postgres is killed under load, and writer and reader go on when it is back',
  async () => {
    const postgres = await startPostgres();
    onTestFinished(() => postgres.close());
    const { connectionString } = postgres;
    const { storage, close } = await openPostgresStores({ connectionString, schema });
    onTestFinished(() => close());
    await storage.prepare([faultsLog]);
    const log = storage.log(faultsLog);
    const entries = (KILLS + 1) * BETWEEN;
    // Opened once, as the writer: both have to find their way back by themselves.
    const reading = follow(log);
    const writer = new Writer({ connectionString, schema, writer: 0, entries });
    for (let kill = 1; kill <= KILLS; kill++) {
      // Somewhere in a batch: the writer does not wait for us.
      await writer.reached(kill * BETWEEN - Math.floor(Math.random() * 200));
      await postgres.kill();
      await postgres.restart();
    }
    expect(await writer.ended).toBe(0);
    await endLog(log);
    const read = await reading;
    const faults = faultsOf(read, new Map([['0', writer.acknowledged]]));
    tell('Postgres killed', { kills: KILLS, acknowledged: writer.acknowledged, ...faults });
    expect(faults).toEqual(NO_FAULTS);
    expect(read).toHaveLength(entries);
  },
  amount({ long: 600_000, short: 60_000 }),
);
