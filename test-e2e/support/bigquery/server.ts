import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Answer, Calls } from './calls.js';
import { control } from './control.js';
import { Duck } from './duck.js';
import { FaultBoard } from './fault-board.js';
import { Jobs } from './job.js';
import { Refusal } from './refusal.js';
import { RequestLog } from './request-log.js';
import { type ApiRequest, readRequest } from './request.js';
import { StatementLog } from './statement-log.js';
import { Warehouse } from './warehouse.js';

/**
 * A BigQuery for tests: it answers the calls of the REST interface that its clients make, runs statements in DuckDB, and
 * does wrong what it is told to. Close it.
 */
export async function startBigQuery(
  port = 0,
): Promise<{ readonly endpoint: string; readonly close: () => void }> {
  const duck = await Duck.open();
  const warehouse = new Warehouse(duck);
  const deps = {
    warehouse,
    faults: new FaultBoard(),
    statements: new StatementLog(),
    requests: new RequestLog(),
    jobs: new Jobs(),
  };
  const calls = new Calls(deps);
  const server = createServer((message, response) => void answer(message, response));
  server.keepAliveTimeout = 60_000;

  const answer = async (message: IncomingMessage, response: ServerResponse) => {
    try {
      const request = await readRequest(message);
      if (request.parts[0] === '_local') {
        const done = await control(deps, request);
        send(response, done ? { status: 200, body: done } : { status: 404, body: {} });
        return;
      }
      await obey(request, response);
    } catch (error) {
      if (!message.destroyed || !response.destroyed) send(response, refused(error));
    }
  };

  const obey = async (request: ApiRequest, response: ServerResponse) => {
    const datasets = calls.datasetsOf(request);
    deps.requests.add(request, datasets);
    const faults = deps.faults.of(datasets);
    const said = `${request.method} ${request.path}`;
    if (faults.away === 'refuse') return void response.destroy();
    const fault = faults.away ? { status: 503, reason: 'backendError' } : faults.answer(said);
    if (fault) throw new Refusal(fault.status, fault.reason, `${fault.reason}: switched on`);
    const done = await calls.answer(request).catch(refused);
    if (faults.loses(said)) return void response.destroy();
    if (!faults.cuts(said)) return send(response, done);
    const text = JSON.stringify(done.body);
    response.writeHead(done.status, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  };

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${taken}`,
    close: () => {
      server.close();
      server.closeAllConnections();
      duck.close();
    },
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

function refused(error: unknown): Answer {
  const refusal =
    error instanceof Refusal
      ? error
      : new Refusal(500, 'internalError', error instanceof Error ? `${error.stack}` : String(error));
  const { status, message, item } = refusal;
  return {
    status,
    body: { error: { code: status, message, errors: [item], status: STATUSES[status] ?? 'INTERNAL' } },
  };
}
