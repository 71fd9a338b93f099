import { expect, it } from 'vitest';

import { sessionStoreContracts, tableRef } from './session-store-contracts.js';

it('[bigquery.sessions-contracts] lists the warehouse and then files, each with what it is good for', () => {
  const naming = { dataset: 'ops', table: 'sessions' };
  expect(sessionStoreContracts(naming)).toEqual([
    {
      store: 'big_query',
      latestRowPerSession: true,
      tombstonesSupported: true,
      dedupReadPath: true,
      fileLocking: false,
      crashRecovery: false,
      warehouse: naming,
    },
    {
      store: 'json_file',
      latestRowPerSession: true,
      tombstonesSupported: true,
      dedupReadPath: true,
      fileLocking: true,
      crashRecovery: true,
    },
  ]);
  expect(tableRef(naming)).toBe('ops.sessions');
  expect(() => sessionStoreContracts({ dataset: 'a.b', table: 't' })).toThrow('"a.b" cannot name a dataset');
});
