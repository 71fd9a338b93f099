import { assemble, tokens } from '@mobkit/di';
import { expect, it } from 'vitest';

import { bigquerySessionWarehouse, storeBigquerySessions } from '../src/plugin.js';
import { sessionDataset } from './session-dataset.js';
import { row } from './sessions-support.js';

it('[bigquery.sessions-plugin] fills the slots of the session store and of the warehouse, and closes both', async () => {
  const { options } = sessionDataset();
  const { dataset, ...reach } = options;
  const app = assemble([storeBigquerySessions(options), bigquerySessionWarehouse(reach)]);
  await app.start();
  const sessions = app.container.resolve(tokens.sessionStore);
  const warehouse = app.container.resolve(tokens.sessionWarehouse);
  await sessions.append([row('s-1')]);
  const found = await warehouse.withSessions({ dataset, table: 'sessions' }, (named) => named.live());
  expect(found.rows).toEqual([row('s-1')]);
  await app.stop();
  await expect(sessions.live()).rejects.toThrow(TypeError);
  await expect(
    warehouse.withSessions({ dataset, table: 'sessions' }, (named) => named.live()),
  ).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
});
