import { ManualClock } from '@mobkit/contract-kit';
import type { Content } from '@mobkit/core/mob';
import { assemble, tokens } from '@mobkit/di';
import { createLlmProviders, knownModels, modelCatalogue, type ModelServer } from '@mobkit/llm-ai-sdk';
import { llmAiSdk } from '@mobkit/llm-ai-sdk/plugin';
import { expect, it } from 'vitest';

import { eventsOf, failureOf, KEY, providerAt, request } from './support/ask.js';
import { refuse, sse, stall, startModelServer } from './support/model-server.js';
import { anthropicMessage, chatCompletion, geminiContent, openaiResponse } from './support/wires.js';

/** Who answers for a model. */
function whoSupports(model: string, servers: Readonly<Record<string, ModelServer>> = {}): readonly string[] {
  return createLlmProviders({ servers, env: {} })
    .filter((provider) => provider.supports(model))
    .map(({ client }) => client.provider);
}

it.each([
  ['openai/gpt-4o', ['openai']],
  ['openai/of-tomorrow', ['openai']],
  ['gpt-5', ['openai']],
  ['gpt-5-2025-08-07', ['openai']],
  ['claude-sonnet-4-5', ['anthropic']],
  ['claude-sonnet-4-5-20250929', ['anthropic']],
  ['gemini-2.5-pro', ['google']],
  ['local/anthropic/any', ['local']],
  ['gpt-5o', []],
  ['scripted', []],
  ['local', []],
  ['constructor', []],
])('[models.names] leaves %s to %j', (model, names) => {
  expect(whoSupports(model, { local: { baseUrl: 'http://localhost:1' } })).toEqual(names);
});

it('[models.catalogue] asks the catalogue it is given, and for no more than a model answers', async () => {
  const { url, asked } = await startModelServer(chatCompletion);
  const catalogue = modelCatalogue({ tiny: { provider: 'local', maxOutputTokens: 50 } });
  const provider = providerAt('local', url, { catalogue });
  expect(provider.supports('tiny')).toBe(true);
  expect(catalogue.find('gpt-4o')).toEqual(knownModels.find('gpt-4o'));
  for (const model of ['tiny', 'local/tiny', 'local/gpt-4o']) {
    await eventsOf(provider, request(model, { maxTokens: 1_000_000 }));
  }
  expect(asked.map(({ body }) => [body['model'], body['max_tokens']])).toEqual([
    ['tiny', 50],
    ['tiny', 50],
    ['gpt-4o', 1_000_000],
  ]);
});

it.each<[string, string, ModelServer]>([
  ['without an address', 'local', {}],
  ['at no address', 'local', { baseUrl: 'nowhere' }],
  ['at a file', 'local', { baseUrl: 'file:///etc' }],
  ['with a password in its address', 'local', { baseUrl: 'http://me:secret@localhost' }],
  ['with a slash in its name', 'a/b', { baseUrl: 'http://localhost' }],
])('[models.config] refuses a server %s, by its name', (_, name, server) => {
  const make = () => createLlmProviders({ servers: { [name]: server } });
  expect(make).toThrow(expect.objectContaining({ code: 'MOB_CONFIG_INVALID' }) as Error);
  expect(make).toThrow(`"${name}"`);
  expect(make).not.toThrow('secret');
});

it('[models.config] takes the key from the variable it is told, and asks other servers without one', async () => {
  const { url, asked } = await startModelServer(chatCompletion);
  const server = { baseUrl: `${url}/`, apiKeyEnv: 'MINE' };
  const [mine, open] = [{ local: server }, { local: { baseUrl: url } }].map((servers) =>
    createLlmProviders({ servers, env: { MINE: 'from-env' } }).find((one) => one.supports('local/m')),
  );
  if (mine) await eventsOf(mine, request('local/m'));
  if (open) await eventsOf(open, request('local/m'));
  expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer from-env', undefined]);
});

const PNG = 'iVBORw0KGgo=';
const picture: Content = [
  { type: 'text', text: 'What is this?' },
  { type: 'image', media_type: 'image/png', data: PNG },
];

it.each([
  ['openai', openaiResponse],
  ['anthropic', anthropicMessage],
  ['google', geminiContent],
  ['local', chatCompletion],
])('[models.images] gives %s the bytes of an image beside the text', async (name, answer) => {
  const { url, asked } = await startModelServer(answer);
  await eventsOf(
    providerAt(name, url),
    request(`${name}/m`, { messages: [{ role: 'user', content: picture }] }),
  );
  const said = JSON.stringify(asked[0]?.body);
  expect(said).toContain('What is this?');
  expect(said).toContain(PNG);
  expect(said).toContain('image/png');
});

it('[models.images] gives an address to who fetches it, and refuses it for who does not', async () => {
  const { url, asked } = await startModelServer(chatCompletion);
  const content: Content = [
    { type: 'image', media_type: 'image/png', url: 'https://pictures.example/1.png' },
  ];
  const messages = [{ role: 'user' as const, content }];
  await eventsOf(providerAt('local', url), request('local/m', { messages }));
  expect(JSON.stringify(asked[0]?.body)).toContain('https://pictures.example/1.png');

  const error = await failureOf(providerAt('google', url), request('google/m', { messages }));
  expect(error).toMatchObject({ retryable: false, details: { kind: 'invalid_request' } });
  expect(asked).toHaveLength(1);
});

it.each([
  ['openai', {}, openaiResponse, true],
  ['google', {}, geminiContent, true],
  ['local', {}, chatCompletion, false],
  ['local', { structuredOutputs: true }, chatCompletion, true],
] as const)(
  '[models.output-schema] tells %s with %j of the schema of its answer if it can hold to one',
  async (name, server, answer, told) => {
    const { url, asked } = await startModelServer(answer);
    const outputSchema = {
      type: 'object',
      properties: { verdict_of_mine: { type: 'string' } },
      required: ['verdict_of_mine'],
    };
    await eventsOf(providerAt(name, url, { server }), request(`${name}/m`, { outputSchema }));
    const said = JSON.stringify(asked[0]?.body);
    expect(said.includes('verdict_of_mine')).toBe(told);
    // Some servers refuse a request for JSON without a schema.
    expect(said.includes('response_format')).toBe(told && name === 'local');
  },
);

const choice = (delta: unknown, finish: string | null) => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const toolCall = (args: string) => ({
  tool_calls: [{ index: 0, id: 'c1', type: 'function', function: { name: 'look', arguments: args } }],
});

it.each([
  ['stop', 'end_turn'],
  ['length', 'max_tokens'],
  ['content_filter', 'content_filter'],
  ['eos', 'end_turn'],
])('[models.stop-reason] takes %s of a server for %s', async (finish, stopReason) => {
  const { url } = await startModelServer(sse(choice({ content: 'a' }, finish)));
  const events = await eventsOf(providerAt('local', url), request('local/m'));
  expect(events.at(-1)).toEqual({ type: 'done', stopReason });
});

it.each([
  ['nothing', '', {}],
  ['what is no JSON, as the text it was', '{"wh', '{"wh'],
])('[models.arguments] takes for the arguments of a call %s', async (_, given, args) => {
  const { url, asked } = await startModelServer(sse(choice(toolCall(given), null), choice({}, 'stop')));
  const provider = providerAt('local', url);
  const events = await eventsOf(provider, request('local/m'));
  const call = { id: 'c1', name: 'look', args };
  expect(events).toEqual([
    { type: 'tool_call_complete', call },
    { type: 'done', stopReason: 'tool_use' },
  ]);

  const result = { role: 'tool' as const, toolCallId: 'c1', name: 'look', content: 'no', isError: true };
  const messages = [{ role: 'assistant' as const, content: '', toolCalls: [call] }, result];
  await eventsOf(provider, request('local/m', { messages }));
  expect(asked[1]?.body['messages']).toMatchObject([
    { tool_calls: [{ id: 'c1', function: { name: 'look', arguments: '{}' } }] },
    { role: 'tool', tool_call_id: 'c1', content: 'no' },
  ]);
});

it.each([
  ['openai', { authorization: `Bearer ${KEY}` }],
  ['anthropic', { 'x-api-key': KEY }],
  ['google', { 'x-goog-api-key': KEY }],
  ['local', { authorization: `Bearer ${KEY}` }],
])('[models.health] asks %s whether it would answer', async (name, headers) => {
  const { url, asked } = await startModelServer(
    refuse(200, { data: [] }),
    refuse(401, { error: { message: KEY } }),
    refuse(503, {}, { 'retry-after': '2' }),
  );
  const { client } = providerAt(name, url);
  await client.healthCheck();
  expect(asked).toMatchObject([{ method: 'GET', path: '/models', headers }]);
  await expect(client.healthCheck()).rejects.toMatchObject({ details: { kind: 'auth', status: 401 } });
  await expect(client.healthCheck()).rejects.toMatchObject({
    code: 'MOB_LLM_FAILED',
    retryable: true,
    details: { kind: 'overloaded', retryAfterMs: 2000 },
  });
});

it('[models.health] does not wait for a server that says nothing', async () => {
  const clock = new ManualClock();
  const { url, asked } = await startModelServer(stall('data: '));
  const health = providerAt('local', url, { clock }).client.healthCheck();
  health.catch(() => {});
  await expect.poll(() => asked.length).toBe(1);
  clock.advance(10_000);
  await expect(health).rejects.toMatchObject({ retryable: true, details: { kind: 'timeout' } });
});

it('[models.plugin] contributes a provider for each server', () => {
  const servers = { local: { baseUrl: 'http://localhost:1' } };
  let collected: readonly string[] = [];
  const { container } = assemble([
    llmAiSdk({ servers, env: {} }),
    {
      name: 'reader',
      register: (context) =>
        context.provide(tokens.mobEngine, () => {
          collected = context.collect(tokens.llmProviders).map(({ client }) => client.provider);
          return { open: () => Promise.reject(new Error('not here')) };
        }),
    },
  ]);
  container.resolve(tokens.mobEngine);
  expect(collected).toEqual(['openai', 'anthropic', 'google', 'local']);
});
