import { sse } from './model-server.js';

/** One answer with a thought, a text in two pieces and a tool call in pieces, as each provider sends it. */

const chat = (delta: unknown, finish: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish }],
});

const chatCall = (call: unknown) => chat({ tool_calls: [call] });

export const chatCompletion = sse(
  chat({ role: 'assistant', content: '' }),
  chat({ reasoning_content: 'Let me see.' }),
  chat({ content: 'Look' }),
  chat({ content: 'ing.' }),
  chatCall({ index: 0, id: 'call_1', type: 'function', function: { name: 'look', arguments: '' } }),
  chatCall({ index: 0, function: { arguments: '{"wh' } }),
  chatCall({ index: 0, function: { arguments: 'ere":"here"}' } }),
  chat({}, 'tool_calls'),
  {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [],
    usage: {
      prompt_tokens: 20,
      completion_tokens: 7,
      total_tokens: 27,
      prompt_tokens_details: { cached_tokens: 12 },
    },
  },
  'data: [DONE]\n\n',
);

const named = (type: string, data: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

export const anthropicMessage = sse(
  named('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: 5,
        output_tokens: 1,
        cache_creation_input_tokens: 3,
        cache_read_input_tokens: 12,
      },
    },
  }),
  named('content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '' } }),
  named('content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: 'Let me see.' } }),
  named('content_block_delta', { index: 0, delta: { type: 'signature_delta', signature: 'signed' } }),
  named('content_block_stop', { index: 0 }),
  named('ping'),
  named('content_block_start', { index: 1, content_block: { type: 'text', text: '' } }),
  named('content_block_delta', { index: 1, delta: { type: 'text_delta', text: 'Look' } }),
  named('content_block_delta', { index: 1, delta: { type: 'text_delta', text: 'ing.' } }),
  named('content_block_stop', { index: 1 }),
  named('content_block_start', {
    index: 2,
    content_block: { type: 'tool_use', id: 'call_1', name: 'look', input: {} },
  }),
  named('content_block_delta', { index: 2, delta: { type: 'input_json_delta', partial_json: '' } }),
  named('content_block_delta', { index: 2, delta: { type: 'input_json_delta', partial_json: '{"wh' } }),
  named('content_block_delta', {
    index: 2,
    delta: { type: 'input_json_delta', partial_json: 'ere":"here"}' },
  }),
  named('content_block_stop', { index: 2 }),
  named('message_delta', {
    delta: { stop_reason: 'tool_use', stop_sequence: null },
    usage: { output_tokens: 7 },
  }),
  named('message_stop'),
);

const gemini = (parts: unknown, more: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...more }],
  responseId: 'r1',
});

export const geminiContent = sse(
  gemini([{ text: 'Let me see.', thought: true }]),
  gemini([{ text: 'Look' }]),
  gemini([{ text: 'ing.' }]),
  gemini([{ functionCall: { name: 'look', args: { where: 'here' } }, thoughtSignature: 'signed' }]),
  {
    ...gemini([{ text: '' }], { finishReason: 'STOP' }),
    usageMetadata: {
      promptTokenCount: 20,
      cachedContentTokenCount: 12,
      candidatesTokenCount: 7,
      totalTokenCount: 27,
    },
  },
);

const reasoning = { id: 'rs_1', type: 'reasoning', encrypted_content: 'sealed' };
const message = { id: 'msg_1', type: 'message', role: 'assistant', status: 'in_progress' };
const call = { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'look' };
const CALL_ARGUMENTS = '{"where":"here"}';

export const openaiResponse = sse(
  named('response.created', {
    response: { id: 'resp_1', created_at: 1, model: 'gpt', service_tier: null },
  }),
  named('response.output_item.added', { output_index: 0, item: { ...reasoning, summary: [] } }),
  named('response.reasoning_summary_part.added', { item_id: 'rs_1', summary_index: 0 }),
  named('response.reasoning_summary_text.delta', {
    item_id: 'rs_1',
    summary_index: 0,
    delta: 'Let me see.',
  }),
  named('response.reasoning_summary_part.done', { item_id: 'rs_1', summary_index: 0 }),
  named('response.output_item.done', {
    output_index: 0,
    item: { ...reasoning, summary: [{ type: 'summary_text', text: 'Let me see.' }] },
  }),
  named('response.output_item.added', { output_index: 1, item: { ...message, content: [] } }),
  named('response.output_text.delta', {
    item_id: 'msg_1',
    output_index: 1,
    content_index: 0,
    delta: 'Look',
  }),
  named('response.output_text.delta', {
    item_id: 'msg_1',
    output_index: 1,
    content_index: 0,
    delta: 'ing.',
  }),
  named('response.output_item.done', {
    output_index: 1,
    item: {
      ...message,
      status: 'completed',
      content: [{ type: 'output_text', text: 'Looking.', annotations: [] }],
    },
  }),
  named('response.output_item.added', {
    output_index: 2,
    item: { ...call, arguments: '', status: 'in_progress' },
  }),
  named('response.function_call_arguments.delta', {
    item_id: 'fc_1',
    output_index: 2,
    delta: CALL_ARGUMENTS.slice(0, 4),
  }),
  named('response.function_call_arguments.delta', {
    item_id: 'fc_1',
    output_index: 2,
    delta: CALL_ARGUMENTS.slice(4),
  }),
  named('response.function_call_arguments.done', {
    item_id: 'fc_1',
    output_index: 2,
    arguments: CALL_ARGUMENTS,
  }),
  named('response.output_item.done', {
    output_index: 2,
    item: { ...call, arguments: CALL_ARGUMENTS, status: 'completed' },
  }),
  named('response.completed', {
    response: {
      id: 'resp_1',
      created_at: 1,
      model: 'gpt',
      output: [],
      usage: {
        input_tokens: 20,
        input_tokens_details: { cached_tokens: 12 },
        output_tokens: 7,
        output_tokens_details: { reasoning_tokens: 3 },
      },
    },
  }),
);
