import { event } from '@mobkit/contract-kit';
import { assemble, tokens } from '@mobkit/di';
import { storeBigquery } from '@mobkit/store-bigquery/plugin';
import { expect, it } from 'vitest';

import { testDataset } from './test-warehouse.js';

it('[bigquery.plugin] provides an archive, or a log when told, open from start to stop', async () => {
  const { options } = testDataset();
  const archiving = assemble([storeBigquery(options)]);
  expect(() => archiving.container.resolve(tokens.eventArchive)).toThrow('"store-bigquery" is not open');
  await archiving.start();
  const archive = archiving.container.resolve(tokens.eventArchive);
  await archive.put([{ ...event('a'), seq: 1 }]);
  expect(await archive.bounds()).toEqual({ firstSeq: 1, lastSeq: 1 });
  await archiving.stop();
  await expect(archive.bounds()).rejects.toThrow('store-bigquery is closed');

  const logging = assemble([storeBigquery({ ...options, events: 'log' })]);
  await logging.start();
  const eventLog = logging.container.resolve(tokens.eventLogStore);
  expect(await eventLog.appendBatch([event('a')])).toMatchObject({ lastSeq: 1 });
  await logging.stop();
});

it.each([
  [{ table: 'a.b' }, 'table'],
  [{ mode: 'fast' }, 'mode'],
  [{ retentionDays: 0 }, 'retentionDays'],
  [{ events: 'log', leaseMs: 5 }, 'leaseMs'],
  [{ nonsense: true }, 'options'],
])('names the wrong option in %o', async (given, field) => {
  const { options } = testDataset();
  const app = assemble([storeBigquery({ ...options, ...given } as Parameters<typeof storeBigquery>[0])]);
  const error: unknown = await app.start().catch((failure: AggregateError) => failure.errors[0]);
  expect(error).toMatchObject({ code: 'MOB_CONFIG_INVALID', details: { field } });
});
