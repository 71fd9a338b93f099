import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { entry } from '@mobkit/contract-kit';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';

import { faultsOf, idOf, NO_FAULTS } from './check-log.js';
import { tell } from './figures.js';
import { endLog, follow } from './follow.js';
import { amount } from './long.js';
import { startPostgres } from './restartable-postgres.js';
import { Writer } from './writer.js';

const faultsLog = { kind: 'log', name: 'faults', fields: { color: 'text' } } as const;

it(
  '[faults.tail-processes] shows a tailing reader every entry of several writing processes, once, in order, without a hole',
  async () => {
    const processes = amount({ long: 8, short: 4 });
    const each = amount({ long: 24_000, short: 400 });
    const postgres = await startPostgres();
    onTestFinished(() => postgres.close());
    const { connectionString } = postgres;
    const schema = 'faults';
    const { storage, close } = await openPostgresStores({ connectionString, schema });
    onTestFinished(() => close());
    await storage.prepare([faultsLog]);
    // Somebody who holds a transaction open holds nobody up.
    const idle = new Client({ connectionString });
    await idle.connect();
    await idle.query('begin; create temp table held (); select pg_current_xact_id()');
    const reading = follow(storage.log(faultsLog));
    const startedMs = performance.now();
    const writers = Array.from(
      { length: processes },
      (_, writer) => new Writer({ connectionString, schema, writer, entries: each }),
    );
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual(writers.map(() => 0));
    await endLog(storage.log(faultsLog));
    const read = await reading;
    const seconds = (performance.now() - startedMs) / 1000;
    await idle.end();
    const acknowledged = new Map(writers.map((writer, at) => [String(at), writer.acknowledged]));
    const faults = faultsOf(read, acknowledged);
    tell('tail of writing processes, Postgres', {
      processes,
      read: read.length,
      seconds: Math.round(seconds),
      ...faults,
    });
    expect(faults).toEqual(NO_FAULTS);
  },
  amount({ long: 400_000, short: 60_000 }),
);

it(
  '[faults.tail-sqlite] shows a tailing reader every entry of concurrent writers of one process on SQLite',
  async () => {
    const writers = 4;
    const each = amount({ long: 50_000, short: 1_000 });
    const directory = mkdtempSync(join(tmpdir(), 'mobkit-faults-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const { storage, close } = await openSqliteStores({ directory });
    onTestFinished(() => close());
    await storage.prepare([faultsLog]);
    const log = storage.log(faultsLog);
    const reading = follow(log);
    const startedMs = performance.now();
    const write = async (writer: number) => {
      for (let n = 0; n < each; n += 8) {
        const batch = Array.from({ length: 8 }, (_, index) => entry(idOf(writer, n + index)));
        await log.append(batch);
        if (n % 80 === 0) await log.append(batch);
      }
    };
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    await endLog(log);
    const read = await reading;
    const seconds = (performance.now() - startedMs) / 1000;
    const acknowledged = new Map(Array.from({ length: writers }, (_, writer) => [String(writer), each]));
    const faults = faultsOf(read, acknowledged);
    tell('tail of concurrent writers, SQLite', {
      writers,
      read: read.length,
      seconds: Math.round(seconds),
      ...faults,
    });
    expect(faults).toEqual(NO_FAULTS);
  },
  amount({ long: 400_000, short: 60_000 }),
);
