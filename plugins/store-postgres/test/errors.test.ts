import { expect, it } from 'vitest';

import { storeError } from '../src/errors.js';

const UNAVAILABLE = { code: 'MOB_STORE_UNAVAILABLE', retryable: true, details: {} };
const REFUSED = { code: 'MOB_STORE_REFUSED', retryable: false, details: {} };
const DATA = { code: 'MOB_STORE_REFUSED', retryable: false, details: { reason: 'data' } };

it.each([
  ['a connection that failed', '08006', UNAVAILABLE],
  ['a transaction rolled back for another', '40001', UNAVAILABLE],
  ['a deadlock', '40P01', UNAVAILABLE],
  ['a full disk', '53100', UNAVAILABLE],
  ['too many connections', '53300', UNAVAILABLE],
  ['a lock not given in time', '55P03', UNAVAILABLE],
  ['a statement that took too long', '57014', UNAVAILABLE],
  ['a server that is being shut down', '57P01', UNAVAILABLE],
  ['a server that is starting', '57P03', UNAVAILABLE],
  ['a session that stood still in a transaction', '25P03', UNAVAILABLE],
  ['a value that is too long', '22001', DATA],
  ['a constraint', '23505', DATA],
  ['a server that only reads', '25006', REFUSED],
  ['a wrong password', '28P01', REFUSED],
  ['a missing right', '42501', REFUSED],
])('[postgres.errors] says whether to try again after %s', (_, code, expected) => {
  const cause = Object.assign(new Error('said the server'), { severity: 'ERROR', code });
  expect(storeError('append', cause)).toMatchObject(expected);
});

it.each([
  ['nobody listens', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  ['the pool has none to give', new Error('timeout exceeded when trying to connect')],
  ['the connection ended', new Error('Connection terminated unexpectedly')],
])('[postgres.errors] says that trying again may help when %s', (_, cause) => {
  expect(storeError('append', cause)).toMatchObject(UNAVAILABLE);
});
