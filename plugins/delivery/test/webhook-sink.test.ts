import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { ManualClock } from '@mobkit/contract-kit';
import { createWebhookSink, verifyWebhook } from '@mobkit/delivery';
import { expect, it, onTestFinished } from 'vitest';

import { accepts, startReceiver } from './receiver.js';
import { messageTo, sinkContext } from './sink-message.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const privateHosts = ['127.0.0.1'];

it('[sinks.webhook-post] sends a message as JSON, signed, under the same id at every attempt', async () => {
  const { url, received } = await startReceiver();
  const clock = new ManualClock(1_700_000_000_900);
  const sink = createWebhookSink({ privateHosts, secret, clock });
  const message = messageTo(url, {
    interactionId: 'i-1',
    idempotencyKey: 'order-7',
    payload: { text: 'é\ud800' },
  });
  const { host } = new URL(url);
  expect(await sink.deliver(message, sinkContext)).toEqual({ sinkAdapter: host });
  clock.advance(1_000);
  await sink.deliver(message, { ...sinkContext, attempt: 2 });
  const [first, second] = received;
  expect(first).toMatchObject({
    method: 'POST',
    path: '/hook',
    headers: {
      host,
      'content-type': 'application/json',
      'idempotency-key': '0000000007000-d1',
      'webhook-id': '0000000007000-d1',
      'webhook-timestamp': '1700000000',
      connection: 'close',
    },
  });
  expect(JSON.parse(first!.body)).toEqual({
    delivery_id: '0000000007000-d1',
    recipient: url,
    channel: 'notification',
    from: 'lead',
    interaction_id: 'i-1',
    idempotency_key: 'order-7',
    payload: { text: 'é\ud800' },
  });
  expect(second!.body).toBe(first!.body);
  expect(second!.headers).toMatchObject({
    'webhook-id': '0000000007000-d1',
    'webhook-timestamp': '1700000001',
  });
  for (const { headers, body } of received) {
    expect(verifyWebhook({ headers, body, secret, nowMs: clock.now() })).toBe(true);
    expect(
      verifyWebhook({
        headers: new Headers(headers as Record<string, string>),
        body: Buffer.from(body),
        secret,
        nowMs: clock.now(),
      }),
    ).toBe(true);
  }
});

it('[sinks.webhook-signature] believes a request that was signed with the secret, just now, and arrived as it was', () => {
  // As the libraries of Standard Webhooks sign it.
  const known = {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v2,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    body: '{"test": 2432232314}',
    nowMs: 1_614_265_330_000,
  };
  const { headers } = known;
  expect(verifyWebhook(known)).toBe(true);
  expect(verifyWebhook({ ...known, nowMs: known.nowMs + 300_000 })).toBe(true);
  expect(verifyWebhook({ ...known, nowMs: known.nowMs + 300_001 })).toBe(false);
  expect(verifyWebhook({ ...known, nowMs: known.nowMs - 300_001 })).toBe(false);
  expect(verifyWebhook({ ...known, nowMs: known.nowMs + 1_500, toleranceS: 1 })).toBe(false);
  expect(verifyWebhook({ ...known, body: '{"test": 2432232315}' })).toBe(false);
  expect(verifyWebhook({ ...known, secret })).toBe(false);
  for (const wrong of [
    { 'webhook-id': 'msg_other' },
    { 'webhook-timestamp': '1614265331' },
    { 'webhook-timestamp': '1e9' },
    { 'webhook-signature': headers['webhook-signature'].slice(0, -2) },
    { 'webhook-signature': '' },
    { 'webhook-id': undefined },
    { 'webhook-timestamp': undefined },
    { 'webhook-signature': undefined },
    { 'webhook-signature': ['v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='] },
  ]) {
    expect(verifyWebhook({ ...known, headers: { ...headers, ...wrong } })).toBe(false);
  }
  expect(() => verifyWebhook({ ...known, secret: 'hunter2' })).toThrow(TypeError);
  expect(() => verifyWebhook({ ...known, secret: 'hunter2' })).not.toThrow('hunter2');
});

it('[sinks.webhook-target] calls the recipient, or the endpoint of it, of its route, or of everybody, each with its own secret', async () => {
  const { url, received } = await startReceiver();
  const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
  const sink = createWebhookSink({
    privateHosts,
    secret,
    endpoints: {
      pager: { url: `${url}/pager`, secret: other },
      'night-route': { url: `${url}/night` },
      '*': { url: `${url}/all` },
    },
  });
  const { resolution } = messageTo('ops');
  await sink.deliver(messageTo('pager'), sinkContext);
  await sink.deliver(
    messageTo('ops', { resolution: { ...resolution, routeKey: 'night-route' } }),
    sinkContext,
  );
  await sink.deliver(messageTo('ops'), sinkContext);
  await sink.deliver(messageTo(`${url}/own`), sinkContext);
  expect(received.map(({ path }) => path)).toEqual(['/hook/pager', '/hook/night', '/hook/all', '/hook/own']);
  const signed = (by: string) =>
    received.map(({ headers, body }) => verifyWebhook({ headers, body, secret: by }));
  expect(signed(other)).toEqual([true, false, false, false]);
  expect(signed(secret)).toEqual([false, false, false, true]);
  for (const recipient of ['ops', 'http://', 'ftp://example.com/']) {
    await expect(createWebhookSink().deliver(messageTo(recipient), sinkContext)).rejects.toMatchObject({
      code: 'MOB_DELIVERY_FAILED',
      retryable: false,
    });
  }
});

it.for<[status: number, retryable: boolean, ofIdempotent?: boolean]>([
  [301, false],
  [400, false],
  [404, false],
  [408, true],
  [409, false, true],
  [410, false],
  [425, true],
  [429, true],
  [500, true],
  [503, true],
])(
  '[sinks.webhook-answers] tells whether an answer of %i may be another later',
  async ([status, retryable, ofIdempotent = retryable]) => {
    const { url, received } = await startReceiver(
      (response) => void response.writeHead(status, { location: '/other' }).end('no'),
    );
    for (const idempotent of [false, true]) {
      const delivered = createWebhookSink({ privateHosts, idempotent }).deliver(
        messageTo(`${url}?token=x`),
        sinkContext,
      );
      await expect(delivered).rejects.toMatchObject({
        code: 'MOB_DELIVERY_FAILED',
        message: expect.stringContaining(`${new URL(url).origin} answered ${status}`),
        retryable: idempotent ? ofIdempotent : retryable,
        details: { status },
      });
      await expect(delivered).rejects.not.toThrow('token');
    }
    expect(received.map(({ path }) => path)).toEqual(['/hook?token=x', '/hook?token=x']);
  },
);

it.for<[given: string, waitMs: number | undefined]>([
  ['7', 7_000],
  ['Tue, 14 Nov 2023 22:13:50 GMT', 30_000],
  ['Tue, 14 Nov 2023 22:13:00 GMT', 0],
  ['99999999', 86_400_000],
  ['soon', undefined],
])('[sinks.webhook-answers] waits as long as a receiver says with %j', async ([given, waitMs]) => {
  const { url } = await startReceiver(
    (response) => void response.writeHead(429, { 'retry-after': given }).end(),
  );
  const sink = createWebhookSink({ privateHosts, clock: new ManualClock(1_700_000_000_000) });
  const failed: unknown = await Promise.resolve(sink.deliver(messageTo(url), sinkContext)).catch(
    (error: unknown) => error,
  );
  expect((failed as { details: object }).details).toEqual({
    host: new URL(url).host,
    status: 429,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  });
});

it('[sinks.webhook-unknown] does not know what became of a call whose answer was lost, and asks again when that does no harm', async () => {
  const { url } = await startReceiver((response) => void response.socket?.destroy());
  const lost = await createWebhookSink({ privateHosts }).deliver(messageTo(url), sinkContext);
  expect(lost).toMatchObject({ unknown: expect.stringContaining(`${new URL(url).origin} did not answer`) });
  const again = createWebhookSink({ privateHosts, idempotent: true });
  expect(again.idempotent).toBe(true);
  await expect(again.deliver(messageTo(url), sinkContext)).rejects.toMatchObject({ retryable: true });
});

it('[sinks.webhook-unknown] does not wait for an answer longer than told, and cuts the call', async () => {
  let hung: () => void;
  const hangs = new Promise<void>((resolve) => (hung = resolve));
  const { url } = await startReceiver(() => hung());
  const clock = new ManualClock(0);
  const sink = createWebhookSink({ privateHosts, timeoutMs: 500, clock });
  const delivered = sink.deliver(messageTo(url), sinkContext);
  await hangs;
  clock.advance(500);
  expect(await delivered).toMatchObject({ unknown: expect.stringContaining('no answer within 500 ms') });
  const ended = new AbortController();
  const given = sink.deliver(messageTo(url), { signal: ended.signal, attempt: 1 });
  ended.abort(new Error('the process ends'));
  await expect(given).rejects.toMatchObject({ retryable: true });
});

it('[sinks.webhook-unknown] tries again what could not be connected to, unless it never could', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  const sink = createWebhookSink({ privateHosts });
  await expect(sink.deliver(messageTo(`http://127.0.0.1:${port}/`), sinkContext)).rejects.toMatchObject({
    message: expect.stringContaining('could not be reached: connect ECONNREFUSED'),
    retryable: true,
  });
  await expect(sink.deliver(messageTo('http://127.0.0.1:25/'), sinkContext)).rejects.toMatchObject({
    message: expect.stringContaining('bad port'),
    retryable: false,
  });
});

it('[sinks.webhook-bounded] takes an answer without end for taken, and does not read it all', async () => {
  let written = 0;
  const server = createServer((socket) => {
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536))) written += 65_536;
      };
      socket.on('drain', more);
      more();
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sink = createWebhookSink({ privateHosts });
  expect(await sink.deliver(messageTo(`http://127.0.0.1:${port}/`), sinkContext)).toEqual({
    sinkAdapter: `127.0.0.1:${port}`,
  });
  expect(written).toBeLessThan(64 * 1024 * 1024);
});

it('[sinks.webhook-config] refuses options that cannot be meant, without the secrets in them', () => {
  const wrong: readonly [object, string][] = [
    [{ secret: 'hunter2' }, 'secret'],
    [{ endpoints: { ops: { url: 'hook' } } }, 'endpoints.ops.url'],
    [{ endpoints: { ops: { url: 'http://me:hunter2@example.com/' } } }, 'endpoint "ops"'],
    [{ endpoints: { ops: { url: 'http://127.0.0.1/' } } }, 'endpoint "ops"'],
    [{ endpoints: { ops: { url: 'file:///etc/hunter2' } } }, 'endpoint "ops"'],
    [{ privateHosts: ['http://example.com/'] }, 'privateHosts'],
    [{ privateHosts: ['a/../b'] }, 'privateHosts'],
    [{ onlyHosts: [''] }, 'onlyHosts'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ endpoint: {} }, 'endpoint'],
  ];
  for (const [options, said] of wrong) {
    const make = () => createWebhookSink(options);
    expect(make).toThrow(
      expect.objectContaining({
        code: 'MOB_CONFIG_INVALID',
        message: expect.stringContaining(said) as string,
      }) as Error,
    );
    expect(make).not.toThrow('hunter2');
  }
});

it('leaves nothing of the message out that a receiver answers for', async () => {
  const { url, received } = await startReceiver(accepts);
  await createWebhookSink({ privateHosts }).deliver(messageTo(url, { payload: 'Down' }), sinkContext);
  expect(received[0]!.headers).not.toHaveProperty('webhook-signature');
  expect(JSON.parse(received[0]!.body)).toMatchObject({ payload: 'Down' });
});
