import { entry } from '@mobkit/contract-kit';
import { openPostgresStores } from '@mobkit/store-postgres';
import { expect, it, onTestFinished } from 'vitest';

import { connectionString, testSchemas } from './test-database.js';

const freshSchema = testSchemas();
const log = { kind: 'log', name: 'test_log', fields: {} } as const;

it('[postgres.prune-slices] prunes more than goes in one transaction, up to the first entry that stays', async () => {
  const stores = await openPostgresStores({ connectionString, schema: freshSchema() });
  onTestFinished(() => stores.close());
  await stores.storage.prepare([log]);
  const all = stores.storage.log(log);
  for (let batch = 0; batch < 5; batch++) {
    await all.append(Array.from({ length: 5_000 }, (_, at) => entry(`id-${batch}-${at}`)));
  }
  expect(await all.prune({ keep: 100 })).toBe(24_900);
  expect(await all.bounds()).toEqual({ firstSeq: 24_901, lastSeq: 25_000 });
  expect((await all.read({ afterSeq: 24_900, limit: 1_000 })).entries).toHaveLength(100);
  expect(await all.prune({ keep: 100 })).toBe(0);
  expect(await stores.storage.log(log, 'empty').prune({ keep: 0 })).toBe(0);
});
