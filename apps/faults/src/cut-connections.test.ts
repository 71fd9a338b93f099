import { entry } from '@mobkit/contract-kit';
import { backoffMs, delay, isMobError, systemClock } from '@mobkit/core';
import { openPostgresStores } from '@mobkit/store-postgres';
import { expect, it, onTestFinished } from 'vitest';

import { openTcpProxy } from '../../../test-e2e/support/tcp-proxy.js';
import { faultsOf, idOf, NO_FAULTS, readAll } from './check-log.js';
import { tell } from './figures.js';
import { endLog, follow } from './follow.js';
import { amount } from './long.js';
import { startPostgres } from './restartable-postgres.js';

const faultsLog = { kind: 'log', name: 'faults', fields: { color: 'text' } } as const;
const faultsRecords = { kind: 'records', name: 'fault_records', fields: {} } as const;

async function start() {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.close());
  const address = new URL(postgres.connectionString);
  const proxy = await openTcpProxy({ host: address.hostname, port: Number(address.port) });
  onTestFinished(() => proxy.close());
  address.port = String(proxy.port);
  const stores = await openPostgresStores({ connectionString: address.href, schema: 'faults' });
  onTestFinished(() => stores.close());
  await stores.storage.prepare([faultsLog, faultsRecords]);
  return { proxy, storage: stores.storage };
}

/** Does it until it is done; how often it was told to try again. */
async function insist<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly again: number }> {
  for (let again = 0; ; again++) {
    try {
      return { result: await work(), again };
    } catch (error) {
      if (!isMobError(error, 'MOB_STORE_UNAVAILABLE') || !error.retryable) throw error;
      await delay(systemClock, backoffMs(again, 400));
    }
  }
}

const batchOf = (n: number) => Array.from({ length: 4 }, (_, index) => entry(idOf(0, n + index)));

it(
  '[faults.lost-answer] keeps an append once whose answer was lost, and says that it may be tried again',
  async () => {
    const { proxy, storage } = await start();
    const log = storage.log(faultsLog);
    const batches = amount({ long: 200, short: 10 });
    let again = 0;
    for (let batch = 0; batch < batches; batch++) {
      // The id of an entry is on the wire as it is.
      const lost = batch % 2 === 0 ? proxy.loseAnswerTo(idOf(0, 4 * batch + 1)) : undefined;
      again += (await insist(() => log.append(batchOf(4 * batch)))).again;
      await lost;
    }
    const { result: read } = await insist(() => readAll(log));
    const faults = faultsOf(read, new Map([['0', 4 * batches]]));
    tell('answers lost', { appends: batches, repeated_calls: again, ...faults });
    expect(again).toBeGreaterThanOrEqual(batches / 2);
    expect(faults).toEqual(NO_FAULTS);
  },
  amount({ long: 300_000, short: 60_000 }),
);

it('[faults.lost-commit] lets whoever lost the answer to a commit find out what became of it', async () => {
  const { proxy, storage } = await start();
  const commit = (expectedVersion: number) =>
    storage.commit({
      puts: [{ records: faultsRecords, key: 'k', record: { data: '1' }, expectedVersion }],
      appends: [{ log: faultsLog, entries: batchOf(0), expectedLastSeq: 0 }],
    });
  const lost = proxy.loseAnswerTo('commit');
  await expect(commit(0)).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE', retryable: true });
  await lost;
  const { result: kept } = await insist(() => storage.records(faultsRecords).get('k'));
  const { lastSeq } = await storage.log(faultsLog).bounds();
  // All of it, or nothing of it.
  expect([kept === undefined, lastSeq]).toEqual(kept ? [false, 4] : [true, 0]);
  const again = await insist(() => commit(kept?.version ?? 0));
  expect(again.result.appended[0]).toMatchObject({ lastSeq: 4 });
});

it(
  '[faults.cut] loses and repeats nothing over connections that are cut, slow and refused, and a tail misses nothing',
  async () => {
    const { proxy, storage } = await start();
    const log = storage.log(faultsLog);
    const batches = amount({ long: 600, short: 40 });
    const reading = follow(log);
    let again = 0;
    for (let batch = 0; batch < batches; batch++) {
      const weather = batch % 10;
      if (weather === 2) proxy.cut();
      if (weather === 4) proxy.weather('slow');
      if (weather === 6) proxy.weather('clear');
      if (weather === 8) {
        proxy.weather('down');
        const appending = insist(() => log.append(batchOf(4 * batch)));
        await delay(systemClock, 50);
        proxy.weather('clear');
        again += (await appending).again;
        continue;
      }
      again += (await insist(() => log.append(batchOf(4 * batch)))).again;
    }
    const acknowledged = new Map([['0', 4 * batches]]);
    const { result: read } = await insist(() => readAll(log));
    const faults = faultsOf(read, acknowledged);
    await endLog(log);
    const followed = faultsOf(await reading, acknowledged);
    tell('connections cut, slow, refused', { appends: batches, repeated_calls: again, ...faults });
    expect(again).toBeGreaterThan(0);
    expect({ faults, followed }).toEqual({ faults: NO_FAULTS, followed: NO_FAULTS });
  },
  amount({ long: 400_000, short: 60_000 }),
);
