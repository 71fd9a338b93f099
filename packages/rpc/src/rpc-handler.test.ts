import { MobError } from '@mobkit/core';
import { expect, it } from 'vitest';

import { served } from '../test/support/call.js';

it('[rpc.parse-error] answers text that is not JSON with -32700 and id null', async () => {
  const { rpc } = await served();
  for (const text of ['', '{', 'nope', '{"jsonrpc":"2.0",}']) {
    expect(JSON.parse((await rpc.handleText(text)) ?? '')).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32700, message: 'Parse error', data: { kind: 'parse_error' } },
    });
  }
});

it('[rpc.invalid-request] answers what is not a request with -32600 and why', async () => {
  const { rpc } = await served();
  const request = { jsonrpc: '2.0', id: 5, method: 'mobkit/status' };
  const cases: [unknown, unknown][] = [
    [[request], null],
    ['text', null],
    [null, null],
    [{ ...request, jsonrpc: '1.0' }, 5],
    [{ ...request, jsonrpc: undefined }, 5],
    [{ ...request, method: undefined }, 5],
    [{ ...request, method: 3 }, 5],
    [{ ...request, id: {} }, null],
    [{ ...request, id: true }, null],
  ];
  for (const [message, id] of cases) {
    expect(await rpc.handle(message)).toMatchObject({
      id,
      error: { code: -32600, message: 'Invalid Request', data: { kind: 'invalid_request' } },
    });
  }
});

it('[rpc.method-not-found] answers an unknown method with -32601', async () => {
  const { fail } = await served();
  for (const method of ['nothing', '__proto__', 'toString']) {
    expect(await fail(method)).toMatchObject({
      code: -32601,
      message: 'Method not found',
      data: { kind: 'method_not_found', method: `mobkit/${method}` },
    });
  }
});

it('[rpc.id] echoes the id, whatever kind it is', async () => {
  const { rpc } = await served();
  for (const id of ['a', '', 7, -1, 0.5, null]) {
    const response = await rpc.handle({ jsonrpc: '2.0', id, method: 'mobkit/status' });
    expect(response).toMatchObject({ jsonrpc: '2.0', id });
  }
});

it('[rpc.notification] executes a request without an id and answers nothing', async () => {
  const errors: unknown[] = [];
  const { rpc, mob } = await served({ onError: (error) => errors.push(error) });
  const retire = { jsonrpc: '2.0', method: 'mobkit/retire_member', params: { member_id: 'lead' } };
  expect(await rpc.handleText(JSON.stringify(retire))).toBeUndefined();
  expect(mob.members.size).toBe(0);
  expect(errors).toEqual([]);
  expect(await rpc.handle({ jsonrpc: '2.0', method: 'mobkit/nothing' })).toBeUndefined();
  expect(errors).toHaveLength(1);
});

it('[rpc.integers] refuses integers beyond 2^53 instead of rounding them', async () => {
  const { rpc, mob } = await served();
  for (const number of [
    '9007199254740992',
    '9007199254740993',
    '18446744073709551615',
    '-9007199254740993',
    '1e400',
  ]) {
    const params = `{"jsonrpc":"2.0","id":1,"method":"mobkit/query_events","params":{"after_seq":${number}}}`;
    expect(JSON.parse((await rpc.handleText(params)) ?? '')).toMatchObject({
      id: 1,
      error: {
        code: -32602,
        message: expect.stringMatching(/^Invalid params: after_seq must be .*2\^53/) as string,
      },
    });
    const id = `{"jsonrpc":"2.0","id":${number},"method":"mobkit/status"}`;
    expect(JSON.parse((await rpc.handleText(id)) ?? '')).toMatchObject({ id: null, error: { code: -32600 } });
  }
  expect(mob.asked).toEqual([]);
  const largest = {
    jsonrpc: '2.0',
    id: 1,
    method: 'mobkit/query_events',
    params: { after_seq: 2 ** 53 - 1 },
  };
  expect(await rpc.handle(largest)).toMatchObject({ result: [] });
});

it('[rpc.error-kind] gives every error a stable kind, its number and its details', async () => {
  const { mob, fail } = await served();
  mob.failure = new MobError('MOB_INBOX_FULL', 'The inbox of "lead" is full', {
    retryable: true,
    details: { memberId: 'lead', waitingMessages: 64, kind: 'spoof' },
  });
  expect(await fail('send_message', { member_id: 'lead', message: 'hi' })).toEqual({
    code: -32015,
    message: 'The inbox of "lead" is full',
    data: { kind: 'inbox_full', retryable: true, member_id: 'lead', waiting_messages: 64 },
  });
  mob.failure = new MobError('acme/quota_exceeded', 'No more today');
  expect(await fail('status')).toEqual({
    code: -32000,
    message: 'No more today',
    data: { kind: 'acme/quota_exceeded' },
  });
});

it('[rpc.internal] tells a caller nothing of an unexpected failure, and its owner everything', async () => {
  const errors: unknown[] = [];
  const { mob, fail } = await served({ onError: (error) => errors.push(error) });
  mob.failure = new TypeError('password hunter2 is undefined');
  const error = await fail('status');
  expect(error).toEqual({ code: -32603, message: 'Internal error', data: { kind: 'internal' } });
  expect(errors).toEqual([mob.failure]);
});

it('[rpc.internal] answers also when details cannot be written as JSON', async () => {
  const { mob, rpc } = await served();
  mob.failure = new MobError('acme/odd', 'odd', { details: { n: 1n } });
  const text = await rpc.handleText('{"jsonrpc":"2.0","id":1,"method":"mobkit/status"}');
  expect(JSON.parse(text ?? '')).toMatchObject({ id: 1, error: { code: -32603 } });
});
