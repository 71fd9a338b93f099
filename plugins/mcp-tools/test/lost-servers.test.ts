import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { ManualClock } from '@mobkit/contract-kit';
import { expect, it, onTestFinished } from 'vitest';

import { openTcpProxy } from '../../../test-e2e/support/tcp-proxy.js';
import { startHttpServer } from './support/http-server.js';
import { isAlive, openTools, stdioServer } from './support/open-tools.js';

const unavailable = { code: 'MOB_TOOLS_UNAVAILABLE', retryable: true, details: { server: 'tries' } };

function absentFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mcp-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'there');
}

it('[mcp.restart] fails the calls of a program that died, starts it again, and goes on under the same names', async () => {
  const clock = new ManualClock();
  const { source, call, errors } = await openTools({ tries: stdioServer() }, { clock });
  const pid = Number(await call('pid'));
  const names = source.tools().map(({ name }) => name);
  const [hanging, dying] = [call('hang'), call('die')];
  await expect(hanging).rejects.toMatchObject(unavailable);
  await expect(dying).rejects.toMatchObject(unavailable);
  await expect(call('echo')).rejects.toMatchObject(unavailable);
  expect(source.tools().map(({ name }) => name)).toEqual(names);
  await expect.poll(() => clock.waiting).toBe(1);
  expect(clock.holding).toBe(0);
  clock.advance(500);
  await expect.poll(() => call('pid').catch(() => '')).not.toBe('');
  expect(Number(await call('pid'))).not.toBe(pid);
  expect(errors).toEqual([expect.objectContaining(unavailable)]);
});

it('[mcp.absent] opens without a program that does not start, tells it once without what it was trusted with, and tries again ever more slowly', async () => {
  const clock = new ManualClock();
  const file = absentFile();
  const server = stdioServer({ ABSENT_WITHOUT: file, TOKEN: 'trusted-0123' });
  const { source, call, errors } = await openTools({ tries: server }, { clock });
  expect(source.tools()).toEqual([]);
  for (const pauseMs of [500, 1000, 2000]) {
    await expect.poll(() => clock.waiting).toBe(1);
    clock.advance(pauseMs - 1);
    expect(clock.waiting).toBe(1);
    clock.advance(1);
    expect(clock.waiting).toBe(0);
  }
  await expect.poll(() => clock.waiting).toBe(1);
  expect(errors).toEqual([expect.objectContaining(unavailable)]);
  expect(inspect(errors)).toContain('not ready');
  expect(inspect(errors)).not.toContain('trusted-0123');
  writeFileSync(file, '');
  clock.advance(4000);
  await expect.poll(() => source.tools().length).toBe(14);
  expect(await call('echo', { said: 'at last' })).toBe('at last');
});

it('[mcp.absent] opens without a command that there is not', async () => {
  const { source, errors } = await openTools({ tries: { command: '/no/such/program' } });
  expect(source.tools()).toEqual([]);
  expect(errors).toEqual([expect.objectContaining(unavailable)]);
});

it('[mcp.http-lost] fails calls while an address does not answer or has forgotten the session, and begins another', async () => {
  const clock = new ManualClock();
  const { port, sessions } = await startHttpServer();
  // In between, so that the address is nobody else's while it does not answer.
  const proxy = await openTcpProxy({ host: '127.0.0.1', port });
  onTestFinished(() => proxy.close());
  const url = `http://127.0.0.1:${proxy.port}/mcp`;
  const { call, errors } = await openTools({ tries: { url } }, { clock });
  const once = async (said: string) => {
    // Also past the time that a goodbye may take.
    const tries = () => {
      clock.advance(1000);
      return call('echo', { said }).catch(() => '');
    };
    await expect.poll(tries).toBe(said);
  };
  sessions.clear();
  await expect(call('echo')).rejects.toMatchObject(unavailable);
  await once('anew');
  proxy.weather('down');
  await expect(call('echo')).rejects.toMatchObject(unavailable);
  proxy.weather('clear');
  await once('back');
  expect(errors).toHaveLength(2);
});

it('[mcp.timeout] fails a call that takes too long, and keeps a server that answers otherwise', async () => {
  const clock = new ManualClock();
  const { call, errors } = await openTools({ tries: { ...stdioServer(), callTimeoutMs: 50 } }, { clock });
  const pid = await call('pid');
  const hanging = call('hang');
  clock.advance(50);
  await expect(hanging).rejects.toMatchObject(unavailable);
  expect(await call('pid')).toBe(pid);
  expect(errors).toEqual([]);
});

it('[mcp.hangs] ends a program that does not answer any more, and starts another', async () => {
  const clock = new ManualClock();
  const { call, errors } = await openTools({ tries: { ...stdioServer(), callTimeoutMs: 50 } }, { clock });
  const pid = Number(await call('pid'));
  const blocking = call('block');
  clock.advance(50);
  await expect(blocking).rejects.toMatchObject(unavailable);
  expect(errors).toEqual([]);
  await expect.poll(() => clock.waiting).toBe(1);
  clock.advance(5000);
  await expect.poll(() => errors.length).toBe(1);
  await expect(call('echo')).rejects.toMatchObject(unavailable);
  await expect.poll(() => (clock.advance(1000), isAlive(pid))).toBe(false);
});

it('[mcp.orphans] ends a program with all it started when closed, though it ignores that it is to end', async () => {
  const clock = new ManualClock();
  const { call, close } = await openTools({ tries: stdioServer({ HELPER: '1', DEAF: '1' }) }, { clock });
  const pid = Number(await call('pid'));
  const { HELPER_PID } = JSON.parse(await call('environment')) as { HELPER_PID: string };
  const helper = Number(HELPER_PID);
  expect([isAlive(pid), isAlive(helper)]).toEqual([true, true]);
  const closed = close();
  await expect.poll(() => clock.waiting).toBe(2);
  clock.advance(4000);
  await closed;
  await expect.poll(() => [isAlive(pid), isAlive(helper)]).toEqual([false, false]);
});

it('[mcp.orphans] ends what a program started when that has died by itself', async () => {
  const { call } = await openTools({ tries: stdioServer({ HELPER: '1' }) }, { clock: new ManualClock() });
  const { HELPER_PID } = JSON.parse(await call('environment')) as { HELPER_PID: string };
  await expect(call('die')).rejects.toMatchObject(unavailable);
  await expect.poll(() => isAlive(Number(HELPER_PID))).toBe(false);
});

it('[mcp.closed] says goodbye to an address, fails calls under way, and closes twice', async () => {
  const { url, sessions } = await startHttpServer();
  const { call, close, errors } = await openTools({ tries: { url } });
  expect(sessions.size).toBe(1);
  const hanging = call('hang');
  const failure = hanging.catch((error: unknown) => error);
  await close();
  await close();
  expect(await failure).toMatchObject(unavailable);
  expect(sessions.size).toBe(0);
  await expect(call('echo')).rejects.toMatchObject(unavailable);
  expect(errors).toEqual([]);
});
