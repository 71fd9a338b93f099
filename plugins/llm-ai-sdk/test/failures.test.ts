import { inspect } from 'node:util';

import { ManualClock } from '@mobkit/contract-kit';
import { expect, it } from 'vitest';

import { eventsOf, failureOf, KEY, providerAt, request } from './support/ask.js';
import { cut, frames, refuse, sse, stall, startModelServer } from './support/model-server.js';

const openaiError = (message: string, code: string | null = null, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
});
const anthropicError = (type: string, message: string) => ({ type: 'error', error: { type, message } });
const googleError = (code: number, status: string, message: string, details: unknown[] = []) => ({
  error: { code, status, message, details },
});

const refusals = [
  ['openai', refuse(401, openaiError('Incorrect API key provided', 'invalid_api_key')), 'auth', false],
  ['anthropic', refuse(401, anthropicError('authentication_error', 'invalid x-api-key')), 'auth', false],
  ['google', refuse(400, googleError(400, 'INVALID_ARGUMENT', 'API key not valid.')), 'auth', false],
  ['local', refuse(403, openaiError('No')), 'auth', false],
  ['openai', refuse(429, openaiError('Slow down', 'rate_limit_exceeded', 'requests')), 'rate_limited', true],
  [
    'openai',
    refuse(429, openaiError('Pay', 'insufficient_quota', 'insufficient_quota')),
    'rate_limited',
    false,
  ],
  ['google', refuse(429, googleError(429, 'RESOURCE_EXHAUSTED', 'Quota')), 'rate_limited', true],
  ['anthropic', refuse(529, anthropicError('overloaded_error', 'Overloaded')), 'overloaded', true],
  ['local', refuse(500, 'no JSON of theirs'), 'overloaded', true],
  ['google', refuse(503, googleError(503, 'UNAVAILABLE', 'Busy')), 'overloaded', true],
  ['local', refuse(504, {}), 'timeout', true],
  ['openai', refuse(404, openaiError('No such model', 'model_not_found')), 'model_not_found', false],
  ['anthropic', refuse(404, anthropicError('not_found_error', 'model: m')), 'model_not_found', false],
  ['openai', refuse(400, openaiError('Too long', 'context_length_exceeded')), 'context_length', false],
  [
    'anthropic',
    refuse(
      400,
      anthropicError('invalid_request_error', 'prompt is too long: 200001 tokens > 200000 maximum'),
    ),
    'context_length',
    false,
  ],
  [
    'google',
    refuse(400, googleError(400, 'INVALID_ARGUMENT', 'The input token count (9) exceeds the maximum (8)')),
    'context_length',
    false,
  ],
  ['local', refuse(400, openaiError("this model's maximum context length is 8")), 'context_length', false],
  ['openai', refuse(400, openaiError('Refused', 'content_policy_violation')), 'content_filtered', false],
  ['local', refuse(400, openaiError('temperature is no number')), 'invalid_request', false],
  ['anthropic', sse(anthropicError('overloaded_error', 'Overloaded')), 'overloaded', true],
  ['local', sse({ error: { message: 'Slow down', code: 429 } }), 'rate_limited', true],
  [
    'openai',
    sse({
      type: 'error',
      sequence_number: 1,
      error: { type: 'server_error', code: 'server_error', message: 'Oh', param: null },
    }),
    'overloaded',
    true,
  ],
  ['google', sse(googleError(503, 'UNAVAILABLE', 'Busy')), 'overloaded', true],
] as const;

it.each(refusals)(
  '[models.failure-kind] tells what kept %s from answering, and whether to ask again (%#)',
  async (name, answer, kind, retryable) => {
    const { url, asked } = await startModelServer(answer);
    const error = await failureOf(providerAt(name, url), request(`${name}/m`));
    expect(error).toMatchObject({ retryable, details: { kind, provider: name, model: `${name}/m` } });
    // Asking again is for the caller.
    expect(asked).toHaveLength(1);
  },
);

it.each([
  ['the seconds', { 'retry-after': '7' }, 7000],
  ['the milliseconds, which win', { 'retry-after': '7', 'retry-after-ms': '1500' }, 1500],
  ['the date', { 'retry-after': new Date(20_000).toUTCString() }, 10_000],
  ['nothing for a date that was', { 'retry-after': new Date(2000).toUTCString() }, 0],
])('[models.retry-after] says how long to wait from %s', async (_, headers, retryAfterMs) => {
  const { url } = await startModelServer(refuse(429, openaiError('Slow down'), headers));
  const provider = providerAt('openai', url, { clock: new ManualClock(10_000) });
  expect(await failureOf(provider, request('openai/m'))).toMatchObject({ details: { retryAfterMs } });
});

it('[models.retry-after] says how long Google asks to wait in its answer', async () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3.5s' }];
  const { url } = await startModelServer(
    refuse(429, googleError(429, 'RESOURCE_EXHAUSTED', 'Quota', details)),
  );
  const error = await failureOf(providerAt('google', url), request('google/m'));
  expect(error).toMatchObject({ details: { retryAfterMs: 3500 } });
});

function signal() {
  let give = () => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}

const chunk = (delta: unknown, finish: string | null = null) => ({
  id: 'c',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const halfCall = chunk({
  tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'look', arguments: '{"wh' } }],
});
const textStart = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };

it.each([
  ['local', 'is broken off', cut(chunk({ content: 'Half' })), 'network'],
  ['local', 'ends without an end', sse(chunk({ content: 'Half' })), 'invalid_response'],
  ['local', 'ends in the middle of a call', sse(halfCall), 'invalid_response'],
  ['anthropic', 'ends without an end', sse(textStart), 'network'],
  [
    'google',
    'ends without an end',
    sse({ candidates: [{ content: { parts: [{ text: 'a' }] } }] }),
    'network',
  ],
  [
    'openai',
    'ends without an end',
    sse({ type: 'response.created', response: { id: 'r', created_at: 1, model: 'm' } }),
    'network',
  ],
  ['local', 'is no JSON', sse('data: {"half\n\n'), 'invalid_response'],
  ['local', 'is JSON of another kind', sse({ choices: 'none' }), 'invalid_response'],
  ['anthropic', 'is no JSON', sse('data: nonsense\n\n'), 'invalid_response'],
] as const)(
  '[models.cut] fails with %s, to be asked again, when the answer %s',
  async (name, _, answer, kind) => {
    const { url } = await startModelServer(answer);
    const error = await failureOf(providerAt(name, url), request(`${name}/m`));
    expect(error).toMatchObject({ retryable: true, details: { kind } });
  },
);

it('[models.cut] fails with what may be tried again when nobody listens', async () => {
  const { url, close } = await startModelServer();
  await close();
  const error = await failureOf(providerAt('local', url), request('local/m'));
  expect(error).toMatchObject({ retryable: true, details: { kind: 'network' } });
  expect(error.message).toContain('ECONNREFUSED');
});

it('[models.garbage-lines] reads over lines that are none of server-sent events', async () => {
  const { url } = await startModelServer(
    sse(
      ': comment\n',
      'garbage\n',
      'x: y\n\n',
      chunk({ content: 'Fine' }),
      'retry: no\n\n',
      chunk({}, 'stop'),
    ),
  );
  expect(await eventsOf(providerAt('local', url), request('local/m'))).toEqual([
    { type: 'text_delta', delta: 'Fine' },
    { type: 'done', stopReason: 'end_turn' },
  ]);
});

it('[models.endless] ends an answer whose line has no end', async () => {
  const line = Buffer.alloc(2 ** 20, 'a');
  const { url } = await startModelServer((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const more = () => {
      while (!response.destroyed && response.write(line));
    };
    response.on('drain', more);
    response.write('data: ');
    more();
  });
  const error = await failureOf(providerAt('local', url), request('local/m'));
  expect(error).toMatchObject({ retryable: false, details: { kind: 'invalid_response' } });
});

it('[models.inactive] gives a silent answer up after its time, though the reader took its own', async () => {
  const clock = new ManualClock();
  const { url } = await startModelServer(stall(chunk({ content: 'Half' })));
  const provider = providerAt('local', url, { clock, inactivityTimeoutMs: 1000 });
  const answer = provider.client.stream(request('local/m'))[Symbol.asyncIterator]();
  expect(await answer.next()).toMatchObject({ value: { delta: 'Half' } });
  expect(clock.waiting).toBe(0);
  clock.advance(5000);
  const next = answer.next();
  next.catch(() => {});
  await expect.poll(() => clock.waiting).toBe(1);
  clock.advance(1000);
  await expect(next).rejects.toMatchObject({ retryable: true, details: { kind: 'timeout' } });
});

it.each(['openai', 'anthropic', 'google', 'local'])(
  '[models.abort] ends at once with the reason when the request of %s is aborted, and with it the connection',
  async (name) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const closed = signal();
    const { url } = await startModelServer((response) => {
      response.on('close', () => closed.give());
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(frames([': hello\n\n']), () => abort.abort(reason));
    });
    const asked = request(`${name}/m`, { signal: abort.signal });
    await expect(eventsOf(providerAt(name, url), asked)).rejects.toBe(reason);
    await closed.given;
  },
);

it('[models.abort] ends the connection when the reader wants no more', async () => {
  const closed = signal();
  const { url } = await startModelServer((response) => {
    response.on('close', () => closed.give());
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(frames([chunk({ content: 'One' })]));
  });
  for await (const event of providerAt('local', url).client.stream(request('local/m'))) {
    expect(event).toEqual({ type: 'text_delta', delta: 'One' });
    break;
  }
  await closed.given;
});

it.each(['openai', 'anthropic', 'google', 'local'])(
  '[models.no-keys] says nothing of the key, nor of the prompt, when %s repeats them',
  async (name) => {
    const message = `${KEY} is wrong, said ${KEY}, for the prompt`;
    const { url } = await startModelServer(
      refuse(401, { type: 'error', error: { type: 'x', code: 401, status: 'X', message } }),
    );
    const error = await failureOf(providerAt(name, url), request(`${name}/m`));
    expect(error.message).toContain('[key] is wrong');
    const shown = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error);
    expect(shown).not.toContain(KEY);
    expect(shown).not.toContain('You are brief.');
  },
);

it.each([
  ['openai', 'OPENAI_API_KEY'],
  ['anthropic', 'ANTHROPIC_API_KEY'],
  ['google', 'GOOGLE_GENERATIVE_AI_API_KEY'],
])(
  '[models.missing-key] fails what needs a key of %s with the name of its variable',
  async (name, variable) => {
    const { url, asked } = await startModelServer(refuse(500, {}));
    const provider = providerAt(name, url, { server: { apiKey: '' } });
    const expected = { retryable: false, details: { kind: 'auth' } };
    const error = await failureOf(provider, request(`${name}/m`));
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(variable);
    await expect(provider.client.healthCheck()).rejects.toMatchObject(expected);
    expect(asked).toEqual([]);
  },
);
