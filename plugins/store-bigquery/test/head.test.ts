import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { int64 } from '../src/client/parameters.js';
import { HeadTable } from '../src/events/head-table.js';
import { failed, scriptedServer, withTime } from './scripted-server.js';

it('[bigquery.overtaken] changes the head again, in a request of its own, when another statement got in between', async () => {
  const clock = new ManualClock();
  const overtaken = failed(
    400,
    'invalidQuery',
    'Could not serialize access to table x due to concurrent update',
  );
  const server = await scriptedServer([overtaken, { json: { jobComplete: true, numDmlAffectedRows: '1' } }]);
  const client = await server.client({}, clock);
  const head = new HeadTable(client, client.table('event_log_head'), undefined);
  const change = head.change('append', { last_seq: int64(2) }, 'last_seq = @expected', {
    expected: int64(1),
  });
  expect(await withTime(clock, change)).toBe(true);
  const ids = server.received.map(({ body }) => (JSON.parse(body) as { requestId: string }).requestId);
  expect(new Set(ids).size).toBe(2);
});
