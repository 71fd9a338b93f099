import type { LlmEvent, LlmMessage, LlmToolDefinition } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { eventsOf, KEY, providerAt, request } from './support/ask.js';
import { type Asked, startModelServer } from './support/model-server.js';
import { anthropicMessage, chatCompletion, geminiContent, openaiResponse } from './support/wires.js';

const look: LlmToolDefinition = {
  name: 'look',
  description: 'Looks somewhere',
  inputSchema: { type: 'object', properties: { where: { type: 'string' } }, required: ['where'] },
};

const wires = [
  { name: 'openai', path: '/responses', answer: openaiResponse, cached: { cache_read_tokens: 12 } },
  {
    name: 'anthropic',
    path: '/messages',
    answer: anthropicMessage,
    cached: { cache_read_tokens: 12, cache_creation_tokens: 3 },
  },
  {
    name: 'google',
    path: '/models/m:streamGenerateContent?alt=sse',
    answer: geminiContent,
    cached: { cache_read_tokens: 12 },
  },
  { name: 'local', path: '/chat/completions', answer: chatCompletion, cached: { cache_read_tokens: 12 } },
] as const;

/** What every wire tells of the answer in `support/wires.ts`. */
const calls = (events: readonly LlmEvent[]) =>
  events.flatMap((event) => (event.type === 'tool_call_complete' ? [event.call] : []));

it.each(wires)(
  '[models.stream] tells thought, text, tool call in pieces, usage and end of an answer of $name',
  async ({ name, path, answer, cached }) => {
    const { url, asked } = await startModelServer(answer);
    const events = await eventsOf(providerAt(name, url), request(`${name}/m`, { tools: [look] }));
    expect(asked.map((one) => one.path)).toEqual([path]);
    expect(events.filter(({ type }) => type !== 'tool_call_complete')).toEqual([
      { type: 'reasoning_delta', delta: 'Let me see.' },
      { type: 'text_delta', delta: 'Look' },
      { type: 'text_delta', delta: 'ing.' },
      { type: 'usage_update', usage: { input_tokens: 20, output_tokens: expect.any(Number), ...cached } },
      { type: 'done', stopReason: 'tool_use' },
    ]);
    expect(calls(events)).toMatchObject([{ name: 'look', args: { where: 'here' } }]);
  },
);

const bearer = `Bearer ${KEY}`;
const schema = look.inputSchema;

/** What is to be found in the request of each wire. The one of `openai` has no place for stop sequences. */
const expected: Readonly<Record<string, Pick<Asked, 'headers' | 'body'>>> = {
  openai: {
    headers: { authorization: bearer },
    body: {
      tools: [{ type: 'function', name: 'look', parameters: schema, strict: false }],
      max_output_tokens: 100,
      temperature: 0.5,
      store: false,
      user: 'profile',
    },
  },
  anthropic: {
    headers: { 'x-api-key': KEY },
    body: {
      tools: [{ name: 'look', input_schema: schema }],
      max_tokens: 100,
      temperature: 0.5,
      stop_sequences: ['END'],
      cache_control: { type: 'ephemeral' },
    },
  },
  google: {
    headers: { 'x-goog-api-key': KEY },
    body: {
      tools: [{ functionDeclarations: [{ name: 'look', parameters: schema }] }],
      generationConfig: { maxOutputTokens: 100, temperature: 0.5, stopSequences: ['END'] },
      cachedContent: 'profile',
    },
  },
  local: {
    headers: { authorization: bearer },
    body: {
      tools: [{ type: 'function', function: { name: 'look', parameters: schema } }],
      max_tokens: 100,
      temperature: 0.5,
      stop: ['END'],
      user: 'profile',
    },
  },
};

it.each(wires)(
  '[models.request] asks $name with key, tools, limits and what the profile says to it',
  async ({ name, answer }) => {
    const { url, asked } = await startModelServer(answer);
    const providerParams = {
      openai: { user: 'profile' },
      anthropic: { cacheControl: { type: 'ephemeral' } },
      google: { cachedContent: 'profile' },
      local: { user: 'profile' },
    };
    const limits = { maxTokens: 100, temperature: 0.5, stopSequences: ['END'] };
    await eventsOf(providerAt(name, url), request(`${name}/m`, { tools: [look], ...limits, providerParams }));
    expect(asked).toMatchObject([expected[name] ?? {}]);
    // Who asks is for logs only.
    expect(JSON.stringify(asked[0]?.body)).not.toContain('worker');
  },
);

it.each(wires)(
  '[models.tool-loop] sends the answer of $name back to it, with the results of its calls and what it wants back',
  async ({ name, answer }) => {
    const { url, asked } = await startModelServer(answer);
    const provider = providerAt(name, url);
    const [call] = calls(await eventsOf(provider, request(`${name}/m`, { tools: [look] })));
    if (!call) throw new Error('no call');
    // Kept as JSON in between.
    const kept = JSON.parse(JSON.stringify(call)) as typeof call;
    const messages: LlmMessage[] = [
      ...request('').messages,
      { role: 'assistant', content: 'Looking.', toolCalls: [kept] },
      { role: 'tool', toolCallId: call.id, name: 'look', content: 'Nothing there', isError: true },
    ];
    await eventsOf(provider, request(`${name}/m`, { tools: [look], messages }));
    const said = JSON.stringify(asked[1]?.body);
    expect(said).toContain('Nothing there');
    expect(said).toContain('"look"');
    expect(said).toMatch(
      { anthropic: /signed/, google: /signed/, openai: /sealed/ }[name as string] ?? /call_1/,
    );

    const other = await startModelServer(chatCompletion);
    await eventsOf(providerAt('other', other.url), request('other/m', { tools: [look], messages }));
    expect(JSON.stringify(other.asked[0]?.body)).not.toMatch(/signed|sealed|Let me see/);
  },
);
