import type { LlmEvent, LlmMessage, LlmRequest } from '@mobkit/core/mob';
import { expect, it } from 'vitest';

import { parseScript } from './parse-script.js';
import { scriptedProvider } from './scripted-provider.js';

const user = (content: string): LlmMessage => ({ role: 'user', content });
const assistant = (content = ''): LlmMessage => ({ role: 'assistant', content });

function request(messages: readonly LlmMessage[], given: Partial<LlmRequest['agent']> = {}): LlmRequest {
  return {
    model: 'any',
    messages,
    tools: [],
    agent: { mobId: 'm', identity: 'worker-1', role: 'worker', ...given },
  };
}

async function play(script: string, asked: LlmRequest) {
  const events: LlmEvent[] = [];
  for await (const event of scriptedProvider(parseScript(script)).client.stream(asked)) events.push(event);
  return {
    events,
    text: events.map((event) => (event.type === 'text_delta' ? event.delta : '')).join(''),
    calls: events.flatMap((event) => (event.type === 'tool_call_complete' ? [event.call] : [])),
    last: events.at(-1),
  };
}

it('[model.fallback] supports every model and answers ok when no rule matches', async () => {
  const provider = scriptedProvider(parseScript(''));
  expect([provider.client.provider, provider.supports('anything')]).toEqual(['scripted', true]);
  await expect(provider.client.healthCheck()).resolves.toBeUndefined();
  const { text, last } = await play('', request([user('hello')]));
  expect([text, last]).toEqual(['ok', { type: 'done', stopReason: 'end_turn' }]);
});

it('[model.rules] plays the first rule all of whose conditions hold', async () => {
  const script = `
rules = [
  { role = "lead", input = "hello", steps = [{ text = "lead" }] },
  { identity = "worker-2", steps = [{ text = "second worker" }] },
  { input = "^hello.world$", steps = [{ text = "greeting" }] },
  { input = "hello", steps = [{ text = "later rule" }] },
]`;
  const answer = async (text: string, agent?: Partial<LlmRequest['agent']>) =>
    (await play(script, request([user('hello'), assistant(), user(text)], agent))).text;
  expect(await answer('hello', { role: 'lead' })).toBe('lead');
  expect(await answer('bye', { role: 'lead' })).toBe('ok');
  expect(await answer('hello', { identity: 'worker-2' })).toBe('second worker');
  expect(await answer('hello\nworld')).toBe('greeting');
  expect(await answer('why hello world')).toBe('later rule');
});

it('[model.steps] answers each call after the last user message with the next step, then with nothing', async () => {
  const script = `
[[rules]]
steps = [{ text = "one", calls = [{ tool = "t", args = { x = 1 } }, { tool = "u" }] }, { text = "two" }]
`;
  const before = [user('a'), assistant('one'), assistant('two'), user('b')];
  const first = await play(script, request(before));
  expect(first.text).toBe('one');
  expect(first.calls.map(({ name, args }) => [name, args])).toEqual([
    ['t', { x: 1 }],
    ['u', {}],
  ]);
  expect(new Set(first.calls.map(({ id }) => id)).size).toBe(2);
  expect(first.last).toEqual({ type: 'done', stopReason: 'tool_use' });
  const result = { role: 'tool', toolCallId: 'x', name: 't', content: '', isError: false } as const;
  const second = await play(script, request([...before, assistant('one'), result]));
  expect([second.text, second.last]).toEqual(['two', { type: 'done', stopReason: 'end_turn' }]);
  const third = await play(script, request([...before, assistant('one'), result, assistant('two')]));
  expect([third.text, third.calls, third.last]).toEqual(['', [], { type: 'done', stopReason: 'end_turn' }]);
});

it('[model.placeholders] fills in the message and the groups of its patterns, in texts and arguments', async () => {
  const script = `
[[rules]]
input = '(?<who>\\w+) says (\\w+)( loudly)?'
seen = ['^color: (?<color>\\w+)']
[[rules.steps]]
text = "{{input}}|{{1}}|{{ who }}|{{2}}|{{3}}|{{seen.0}}|{{seen.0.1}}|{{seen.0.color}}"
calls = [{ tool = "t", args = { list = ["{{who}}", 3, { deep = "a {{2}} b" }] } }]
`;
  const messages = [user('color: red'), user('color: blue'), user('ann says {{who}}'), user('ann says hi')];
  const { text, calls } = await play(script, request(messages));
  expect(text).toBe('ann says hi|ann|ann|hi||color: blue|blue|blue');
  expect(calls[0]?.args).toEqual({ list: ['ann', 3, { deep: 'a hi b' }] });
});

it('[model.join] counts what was seen about the same thing, since the latest message that began it', async () => {
  const script = `
[[rules]]
input = '^found (?<topic>[^:]+): '
since = '^ask {{topic}}$'
seen = ['^found {{topic}}: a(?<a>\\d)', '^found {{topic}}: b(?<b>\\d)']
steps = [{ text = "{{topic}} a{{seen.0.a}} b{{seen.1.b}}" }]
`;
  const said: LlmMessage[] = [];
  const answers: string[] = [];
  for (const text of [
    'ask x.y',
    'ask xzy',
    'found xzy: b1',
    'found x.y: a2',
    'found x.y: b3',
    'found xzy: a4',
    'ask x.y',
    'found x.y: b5',
    'found x.y: a6',
  ]) {
    said.push(user(text));
    answers.push((await play(script, request(said))).text);
  }
  const joins = ['x.y a2 b3', 'xzy a4 b1', 'ok', 'ok', 'x.y a6 b5'];
  expect(answers).toEqual(['ok', 'ok', 'ok', 'ok', ...joins]);
});

it('[model.stream] streams text word by word, counts words as tokens, and always answers the same', async () => {
  const script = 'rules = [{ steps = [{ text = "  two words\\nand  more " }] }]';
  const asked = request([{ role: 'system', content: 'be brief' }, user('say it now')]);
  const { events, text } = await play(script, asked);
  expect(text).toBe('  two words\nand  more ');
  expect(events.filter(({ type }) => type === 'text_delta')).toHaveLength(5);
  expect(events.slice(-2)).toEqual([
    { type: 'usage_update', usage: { input_tokens: 5, output_tokens: 5 } },
    { type: 'done', stopReason: 'end_turn' },
  ]);
  expect(await play(script, asked)).toEqual(await play(script, asked));
});

it('[model.abort] ends by an error once the request is aborted', async () => {
  const stop = new AbortController();
  const { client } = scriptedProvider(parseScript('rules = [{ steps = [{ text = "one two three" }] }]'));
  const heard: LlmEvent[] = [];
  const listen = async () => {
    for await (const event of client.stream({ ...request([user('x')]), signal: stop.signal })) {
      heard.push(event);
      stop.abort(new Error('enough'));
    }
  };
  await expect(listen()).rejects.toThrow('enough');
  expect(heard).toHaveLength(1);
});
