import { expect, it } from 'vitest';

import { prepareTable, type TableShape } from '../src/client/prepare-table.js';
import { failed, scriptedServer } from './scripted-server.js';

const shape: TableShape = {
  columns: { day: { type: 'DATE', required: true }, who: { type: 'STRING' }, n: { type: 'INTEGER' } },
  partitionedBy: 'day',
  clusteredBy: ['who'],
  retentionDays: 2,
};
const there = {
  creationTime: '7',
  schema: {
    fields: [
      { name: 'day', type: 'DATE', mode: 'REQUIRED' },
      { name: 'who', type: 'STRING', mode: 'NULLABLE' },
      { name: 'n', type: 'INT64' },
      { name: 'newer', type: 'JSON' },
    ],
  },
  timePartitioning: { type: 'DAY', field: 'day', expirationMs: '172800000' },
  clustering: { fields: ['who'] },
};

it('[bigquery.table] makes the dataset and the table, and minds nobody who was first', async () => {
  const missing = failed(404, 'notFound');
  const exists = failed(409, 'duplicate');
  const server = await scriptedServer([missing, missing, exists, exists, { json: there }]);
  const client = await server.client({ location: 'EU' });
  expect(await prepareTable(client, client.table('t'), shape)).toBe('7');
  const [, , dataset, table] = server.received;
  expect(JSON.parse(dataset!.body)).toEqual({
    datasetReference: { projectId: 'p', datasetId: 'd' },
    location: 'EU',
  });
  expect(JSON.parse(table!.body)).toEqual({
    tableReference: { projectId: 'p', datasetId: 'd', tableId: 't' },
    schema: {
      fields: [
        { name: 'day', type: 'DATE', mode: 'REQUIRED' },
        { name: 'who', type: 'STRING', mode: 'NULLABLE' },
        { name: 'n', type: 'INTEGER', mode: 'NULLABLE' },
      ],
    },
    timePartitioning: { type: 'DAY', field: 'day', expirationMs: '172800000' },
    clustering: { fields: ['who'] },
  });
});

it('[bigquery.table-grows] adds what is missing, keeps what a newer version added, and sets the retention', async () => {
  const older = { ...there, schema: { fields: there.schema.fields.filter(({ name }) => name !== 'n') } };
  const server = await scriptedServer([{ json: there }, { json: older }, {}]);
  const client = await server.client();
  await prepareTable(client, client.table('t'), shape);
  expect(server.received).toHaveLength(1);
  await prepareTable(client, client.table('t'), { ...shape, retentionDays: 3 });
  expect(server.received[2]?.method).toBe('PATCH');
  expect(JSON.parse(server.received[2]!.body)).toEqual({
    schema: { fields: [...older.schema.fields, { name: 'n', type: 'INTEGER', mode: 'NULLABLE' }] },
    timePartitioning: { type: 'DAY', field: 'day', expirationMs: '259200000' },
  });
});

it.each([
  ['n', { schema: { fields: [...there.schema.fields.slice(0, 2), { name: 'n', type: 'STRING' }] } }],
  ['day', { schema: { fields: there.schema.fields.slice(1) } }],
  ['x', { schema: { fields: [...there.schema.fields, { name: 'x', type: 'STRING', mode: 'REQUIRED' }] } }],
  ['day', { timePartitioning: null }],
  ['day', { timePartitioning: { type: 'HOUR', field: 'day' } }],
  ['who', { clustering: { fields: ['n'] } }],
])('[bigquery.other-shape] refuses a table of another shape, naming the column %s', async (column, other) => {
  const server = await scriptedServer([{ json: { ...there, ...other } }]);
  const client = await server.client();
  await expect(prepareTable(client, client.table('t'), shape)).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: expect.stringContaining(`column ${column} `) as string,
    details: { field: 'table', table: 't', column },
  });
  expect(server.received).toHaveLength(1);
});
