import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { int64 } from '../src/client/parameters.js';
import { HeadTable } from '../src/events/head-table.js';
import { failed, type Scripted, scriptedServer, withTime } from './scripted-server.js';

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

const table: Scripted = {
  json: {
    creationTime: '1',
    schema: {
      fields: [
        ...['first_seq', 'last_seq', 'fence', 'lease_until_ms'].map((name) => ({ name, type: 'INTEGER' })),
        ...['days', 'fences', 'owner'].map((name) => ({ name, type: 'STRING' })),
      ],
    },
  },
};
const noRow: Scripted = { json: { jobComplete: true } };
const denied: Scripted = {
  json: { status: { state: 'DONE', errorResult: { reason: 'accessDenied', message: 'no' } } },
};
const done: Scripted = { json: { status: { state: 'DONE' } } };
const known = failed(409, 'duplicate');

it('[bigquery.head-begun] makes its row once it may, however often it might not, with one job a start', async () => {
  const clock = new ManualClock();
  const before = Array.from({ length: 6 }, () => [known, denied]).flat();
  const server = await scriptedServer([
    table,
    noRow,
    ...before,
    {},
    denied,
    table,
    noRow,
    ...before,
    known,
    denied,
    {},
    done,
  ]);
  const client = await server.client({}, clock);
  const prepare = () =>
    withTime(clock, new HeadTable(client, client.table('event_log_head'), undefined).prepare());
  await expect(prepare()).rejects.toMatchObject({ details: { server_reason: 'accessDenied' } });
  expect(server.received).toHaveLength(16);
  await prepare();
  expect(server.received).toHaveLength(34);
});
