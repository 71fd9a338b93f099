import { backoffMs, delay, isMobError, type LogDefinition, systemClock } from '@mobkit/core';
import { entry } from '@mobkit/contract-kit';
import { openPostgresStores } from '@mobkit/store-postgres';

import { idOf } from './check-log.js';

// Appends to a log until it has done its share, or is killed; repeats what was not answered. Prints after every batch how
// many of its entries are acknowledged.

export const faultsLog: LogDefinition = { kind: 'log', name: 'faults', fields: { color: 'text' } };

const BATCH = 8;

const { FAULTS_ADDRESS = '', FAULTS_SCHEMA = '', FAULTS_WRITER = '0', FAULTS_ENTRIES = '0' } = process.env;
const total = Number(FAULTS_ENTRIES);
const { storage, close } = await openPostgresStores({
  connectionString: FAULTS_ADDRESS,
  schema: FAULTS_SCHEMA,
});
await storage.prepare([faultsLog]);
const log = storage.log(faultsLog);
for (let n = 0, failures = 0; n < total;) {
  const batch = Array.from({ length: BATCH }, (_, index) =>
    entry(idOf(FAULTS_WRITER, n + index), { fields: { color: 'red' }, data: '"x"' }),
  );
  try {
    await log.append(batch);
    failures = 0;
    n += BATCH;
    // Every tenth once more, as somebody does whose answer was lost.
    if (n % (10 * BATCH) === 0) await log.append(batch).catch(() => {});
    process.stdout.write(`${n}\n`);
  } catch (error) {
    if (!isMobError(error, 'MOB_STORE_UNAVAILABLE')) throw error;
    await delay(systemClock, backoffMs(failures++, 500));
  }
}
await close();
