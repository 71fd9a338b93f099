import { gzipSync } from 'node:zlib';

import type { DiscoveryContext, MobError } from '@mobkit/core';
import { ManualClock } from '@mobkit/contract-kit';
import { createHttpDiscovery, type HttpDiscoveryOptions } from '@mobkit/discovery-http';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';

import { json, nothing, startServer, tagged, text } from './answering-server.js';

const secret = 'not-for-anybody';
const context: DiscoveryContext = {
  mobId: 'm',
  labels: {},
  trigger: 'bootstrap',
  signal: new AbortController().signal,
};

let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  server = await startServer();
  return server.close;
});

it.each([
  [401, false],
  [403, false],
  [404, false],
  [204, false],
  [429, true],
  [500, true],
  [503, true],
])('[discovery.http-status] fails with status %i, retryable: %s', async (status, retryable) => {
  server.answer(text('', status));
  await expect(discover()).rejects.toMatchObject({
    code: 'MOB_DISCOVERY_UNAVAILABLE',
    retryable,
    details: { url: server.url, status },
  });
});

it('[discovery.http-broken] fails when the answer is cut, or nobody is there', async () => {
  const broken = { code: 'MOB_DISCOVERY_UNAVAILABLE', retryable: true, details: { url: server.url } };
  server.answer((response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"members": [');
    response.socket?.end();
  });
  await expect(discover()).rejects.toMatchObject(broken);
  server.answer((response) => response.socket?.resetAndDestroy());
  await expect(discover()).rejects.toMatchObject(broken);
  await server.close();
  await expect(discover()).rejects.toMatchObject({
    ...broken,
    message: expect.stringMatching(/ECONNREFUSED/) as string,
  });
});

it.each([
  ['garbage', '<html>', ''],
  ['half a document', '{"members": [', ''],
  ['no document', '[]', ''],
  ['no members', '{}', 'members'],
  ['a wrong member', '{"members": [{"identity": "a"}]}', 'members[0].role'],
])('[discovery.http-invalid] fails for %s, and says where', async (_, body, field) => {
  server.answer(text(body));
  const failed = await failure(discover());
  expect(failed).toMatchObject({ code: 'MOB_DISCOVERY_INVALID', retryable: false });
  expect(failed.details).toMatchObject({ url: server.url, ...(field !== '' && { field }) });
});

it('[discovery.http-invalid] fails for a text that is no UTF-8', async () => {
  server.answer(text(Buffer.from('{"members": [], "edges": [{"a": "\xff", "b": "b"}]}', 'latin1')));
  await expect(discover()).rejects.toMatchObject({ code: 'MOB_DISCOVERY_UNAVAILABLE' });
});

it('[discovery.http-size] reads no more than it may, however long the answer says it is and packed as it may be', async () => {
  const tooLarge = { code: 'MOB_DISCOVERY_UNAVAILABLE', retryable: false };
  const maxBytes = 1000;
  const document = { members: [{ identity: 'a', role: 'p', context: 'x'.repeat(maxBytes) }] };
  server.answer(json(document));
  await expect(discover({ maxBytes })).rejects.toMatchObject(tooLarge);
  let ended = () => {};
  const left = new Promise<void>((resolve) => (ended = resolve));
  server.answer((response) => {
    response.on('close', ended);
    const write = () => {
      while (response.writable && response.write('x'.repeat(500)));
    };
    response.on('drain', write);
    write();
  });
  await expect(discover({ maxBytes })).rejects.toMatchObject(tooLarge);
  await left;
  server.answer(text(gzipSync(JSON.stringify(document)), 200, { 'content-encoding': 'gzip' }));
  await expect(discover({ maxBytes })).rejects.toMatchObject(tooLarge);
  expect(await discover({ maxBytes: 2000 })).toHaveLength(1);
});

it('[discovery.http-slow] gives up on an answer that does not come, or comes in drops', async () => {
  const clock = new ManualClock();
  const slow = {
    code: 'MOB_DISCOVERY_UNAVAILABLE',
    retryable: true,
    message: expect.stringContaining('5000 ms') as string,
  };
  let asked = () => {};
  const wasAsked = new Promise<void>((resolve) => (asked = resolve));
  server.answer(() => asked());
  const nothingCame = failure(discover({ clock, timeoutMs: 5000 }));
  await wasAsked;
  clock.advance(5000);
  expect(await nothingCame).toMatchObject(slow);

  server.answer((response) => void response.write('{'));
  const fetched = headArrives();
  const cut = failure(discover({ clock, timeoutMs: 5000 }));
  await fetched;
  clock.advance(5000);
  expect(await cut).toMatchObject(slow);

  server.answer(json({ members: [] }));
  expect(await discover({ clock, timeoutMs: 5000 })).toEqual([]);
  expect(clock.waiting).toBe(0);
});

it('[discovery.http-tag] asks for what is new only, and uses what it has when nothing is', async () => {
  server.answer(tagged({ members: [{ identity: 'a', role: 'p' }] }));
  const source = open();
  const statuses = () => server.requests.map(({ headers }) => headers['if-none-match'] !== undefined);
  expect(await source.discovery.discover(context)).toEqual([{ identity: 'a', profile: 'p' }]);
  expect(await source.discovery.discover(context)).toEqual([{ identity: 'a', profile: 'p' }]);
  expect(statuses()).toEqual([false, true]);
  server.answer(tagged({ members: [] }));
  expect(await source.discovery.discover(context)).toEqual([]);
  server.answer(text('', 304));
  expect(await source.discovery.discover(context)).toEqual([]);
  await expect(discover()).rejects.toMatchObject({ details: { status: 304 } });
});

it('[discovery.http-redirect] follows redirects of its origin, a few, and never carries its secrets to another', async () => {
  const other = await startServer();
  onTestFinished(other.close);
  const to = (location: string) => text('', 307, { location });
  server.answer((response, request) =>
    request.url === '/shape' ? to('/moved?x=1')(response, request) : json({ members: [] })(response, request),
  );
  expect(await discover({ token: () => secret })).toEqual([]);
  expect(server.requests.map(({ url }) => url)).toEqual(['/shape', '/moved?x=1']);

  const refused = { code: 'MOB_DISCOVERY_UNAVAILABLE', retryable: false };
  server.answer(to(other.url));
  await expect(discover({ token: () => secret })).rejects.toMatchObject(refused);
  server.answer(to('file:///etc/passwd'));
  await expect(discover()).rejects.toMatchObject(refused);
  expect(other.requests).toEqual([]);
  server.requests.length = 0;
  server.answer(to('/shape'));
  await expect(discover()).rejects.toMatchObject(refused);
  expect(server.requests.length).toBe(6);
});

it('[discovery.http-secret] sends a token and headers, and says them in no error', async () => {
  const tokens = ['first', secret];
  const source = open({ token: () => tokens.shift() ?? '', headers: { 'x-key': secret } });
  await source.discovery.discover(context);
  server.answer(text('', 401));
  const error = await failure(source.discovery.discover(context));
  expect(server.requests.map(({ headers }) => [headers.authorization, headers['x-key']])).toEqual([
    ['Bearer first', secret],
    [`Bearer ${secret}`, secret],
  ]);
  const errors = [
    error,
    await failure(source.discovery.discover(context)),
    await failure(discover({ token: () => `${secret}\n` })),
    await failure(open({ url: `${server.url}?key=${secret}` }).discovery.discover(context)),
  ];
  const refuse = (options: Partial<HttpDiscoveryOptions>) => {
    try {
      open(options);
    } catch (thrown) {
      errors.push(thrown as MobError);
    }
  };
  refuse({ url: `http://user:${secret}@localhost/` });
  refuse({ headers: { 'x-key': `${secret}\n\0` } });
  expect(errors).toHaveLength(6);
  for (const { message, details, cause } of errors) {
    expect(JSON.stringify([message, details, String(cause)])).not.toContain(secret);
  }
});

it.each([
  [{ url: 'file:///etc/passwd' }, 'url'],
  [{ url: 'nowhere' }, 'url'],
  [{ timeoutMs: 0 }, 'timeoutMs'],
  [{ maxBytes: 1.5 }, 'maxBytes'],
  [{ refreshMs: 9 }, 'refreshMs'],
])('[discovery.http-options] refuses %j by %s', (options, field) => {
  expect(() => open(options)).toThrow(
    expect.objectContaining({ code: 'MOB_CONFIG_INVALID', details: { field } }) as Error,
  );
});

it('[discovery.http-refresh] asks now and then while somebody watches, and at no other time', async () => {
  const clock = new ManualClock();
  const source = open({ refreshMs: 60_000, clock });
  expect(clock.waiting).toBe(0);
  let wake = () => {};
  const told = () => new Promise<void>((resolve) => (wake = resolve));
  const first = told();
  const stop = source.discovery.watch?.({ onChange: () => wake() });
  expect(server.requests).toEqual([]);
  clock.advance(60_000);
  await first;
  expect(server.requests).toHaveLength(1);
  stop?.();
  expect(clock.waiting).toBe(0);
  expect(open().discovery.watch).toBeUndefined();
});

it('[discovery.http-closed] gives up what is under way when it is closed, and refuses calls', async () => {
  let asked = () => {};
  const wasAsked = new Promise<void>((resolve) => (asked = resolve));
  server.answer((response, request) => {
    asked();
    nothing(response, request);
  });
  const source = open({ refreshMs: 1000 });
  const waiting = failure(source.discovery.discover(context));
  await wasAsked;
  await source.close();
  expect(await waiting).toBeInstanceOf(TypeError);
  await expect(source.edgeDiscovery.discoverEdges([], context)).rejects.toThrow(TypeError);
  expect(() => source.discovery.watch?.({ onChange: () => {} })).toThrow(TypeError);
});

/** Resolves when the head of the next answer has reached whoever asked, who has gone on to the body. */
async function headArrives(): Promise<void> {
  const real = globalThis.fetch;
  await new Promise<void>((resolve) => {
    vi.spyOn(globalThis, 'fetch').mockImplementationOnce(async (...given) => {
      const response = await real(...given);
      resolve();
      return response;
    });
  });
  vi.restoreAllMocks();
  await new Promise((resolve) => setImmediate(resolve));
}

function open(options: Partial<HttpDiscoveryOptions> = {}) {
  const source = createHttpDiscovery({ url: server.url, ...options });
  onTestFinished(() => source.close());
  return source;
}

function discover(options: Partial<HttpDiscoveryOptions> = {}) {
  return open(options).discovery.discover(context);
}

async function failure(promise: Promise<unknown>): Promise<MobError> {
  return promise.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: MobError) => error,
  );
}
