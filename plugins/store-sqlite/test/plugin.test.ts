import { isMobError } from '@mobkit/core';
import { event } from '@mobkit/contract-kit';
import { assemble, tokens } from '@mobkit/di';
import { storeSqlite } from '@mobkit/store-sqlite/plugin';
import { expect, it } from 'vitest';

import { testDirectories } from './test-directories.js';

const freshDirectory = testDirectories();

it('opens on start and closes on stop', async () => {
  const app = assemble([storeSqlite({ directory: freshDirectory() })]);
  expect(() => app.container.resolve(tokens.eventLogStore)).toThrow('"store-sqlite" is not open');
  await app.start();
  const eventLog = app.container.resolve(tokens.eventLogStore);
  expect(await eventLog.appendBatch([event('a')])).toMatchObject({ lastSeq: 1 });
  await app.stop();
  await expect(eventLog.query({})).rejects.toThrow('store-sqlite is closed');
});

it('names a wrong option', async () => {
  const app = assemble([storeSqlite({ directory: '' })]);
  const error: unknown = await app.start().catch((failure: AggregateError) => failure.errors[0]);
  expect(isMobError(error, 'MOB_CONFIG_INVALID') && error.message).toContain('directory');
});
