import { isMobError } from '@mobkit/core';
import { assemble, tokens } from '@mobkit/di';
import { storeFile } from '@mobkit/store-file/plugin';
import { expect, it } from 'vitest';

import { row } from './row.js';
import { testFiles } from './test-files.js';

const freshFile = testFiles();

it('opens on start and closes on stop', async () => {
  const app = assemble([storeFile({ path: freshFile() })]);
  await app.start();
  const sessions = app.container.resolve(tokens.sessionStore);
  await sessions.append([row('a')]);
  expect(await sessions.live()).toEqual({ rows: [row('a')], more: false });
  await app.stop();
  await expect(sessions.live()).rejects.toThrow('store-file is closed');
});

it('names a wrong option', async () => {
  const app = assemble([storeFile({ path: '' })]);
  const error: unknown = await app.start().catch((failure: AggregateError) => failure.errors[0]);
  expect(isMobError(error, 'MOB_CONFIG_INVALID') && error.message).toContain('path');
});
