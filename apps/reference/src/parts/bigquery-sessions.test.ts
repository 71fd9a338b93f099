import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

import { ManualClock } from '@mobkit/contract-kit';
import { assemble, tokens } from '@mobkit/di';
import { expect, it, onTestFinished } from 'vitest';

import { bigquerySessions } from './bigquery-sessions.js';

it('[bigquery.sessions-app-away] starts while BigQuery is away, and not with options that cannot be meant', async () => {
  const server = createServer((_, response) => void response.writeHead(503).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const options = {
    projectId: 'p',
    dataset: 'ops',
    apiEndpoint: `http://127.0.0.1:${port}`,
    allowedHosts: ['127.0.0.1'],
    timeoutMs: 100,
  };
  const app = assemble([bigquerySessions(options, () => {})]);
  await app.start();
  const sessions = app.container.resolve(tokens.sessionStore);
  await expect(sessions.live()).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE', retryable: true });
  await app.stop();
  // Nothing is begun any more.
  await expect(sessions.live()).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });

  const wrong = assemble([bigquerySessions({ ...options, dataset: 'a.b' }, () => {})]);
  await expect(wrong.start()).rejects.toMatchObject({ cause: { code: 'MOB_CONFIG_INVALID' } });
});

it('[bigquery.sessions-app-hole] waits five seconds at a start for a warehouse that gives no answer, and none at a stop', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const options = {
    projectId: 'p',
    dataset: 'ops',
    apiEndpoint: `http://127.0.0.1:${port}`,
    allowedHosts: ['127.0.0.1'],
    timeoutMs: 600_000,
  };
  const clock = new ManualClock();
  const app = assemble([bigquerySessions(options, () => {}, clock)]);
  const started = app.start();
  const [request] = (await once(server, 'request')) as [IncomingMessage];
  clock.advance(5_000);
  await started;
  // Given up, and not left to its own time: the process could not end before.
  const closed = once(request.socket, 'close');
  expect(request.socket.destroyed).toBe(false);
  await app.stop();
  await closed;
});
