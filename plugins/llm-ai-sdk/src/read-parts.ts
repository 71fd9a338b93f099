import type {
  LanguageModelV3FinishReason,
  LanguageModelV3ReasoningPart,
  LanguageModelV3StreamPart,
  LanguageModelV3ToolCall,
  LanguageModelV3Usage,
} from '@ai-sdk/provider';
import { MobError } from '@mobkit/core';
import type { LlmEvent, LlmToolCall, StopReason, Usage } from '@mobkit/core/mob';

import { keepWithCall } from './kept-with-call.js';

type Finish = Extract<LanguageModelV3StreamPart, { type: 'finish' }>;

/**
 * Turns the parts of one answer into events. Calls come with its end: in an answer that is cut short none is whole.
 *
 * @throws what the provider put into the stream as an error.
 */
export class PartReader {
  readonly #provider: string;
  readonly #model: string;
  readonly #calls: LanguageModelV3ToolCall[] = [];
  readonly #reasoning = new Map<string, LanguageModelV3ReasoningPart>();
  #finished = false;

  constructor(provider: string, model: string) {
    this.#provider = provider;
    this.#model = model;
  }

  read(part: LanguageModelV3StreamPart): readonly LlmEvent[] {
    switch (part.type) {
      case 'text-delta':
        return part.delta === '' ? [] : [{ type: 'text_delta', delta: part.delta }];
      case 'reasoning-start':
      case 'reasoning-end':
        this.#think(part);
        return [];
      case 'reasoning-delta':
        this.#think(part);
        return part.delta === '' ? [] : [{ type: 'reasoning_delta', delta: part.delta }];
      case 'tool-call':
        if (part.providerExecuted) return [serverTool(part, part.input)];
        this.#calls.push(part);
        return [];
      case 'tool-result':
        return [serverTool(part, part.result)];
      case 'finish':
        return this.#finish(part);
      case 'error':
        throw part.error;
      // Beginnings and ends of blocks, sources, pieces of calls: nothing that an agent needs.
      default:
        return [];
    }
  }

  /** @throws MobError `MOB_LLM_FAILED` when the parts ended before the answer did. */
  end(): void {
    if (!this.#finished) throw this.#incomplete(undefined);
  }

  #think(part: Extract<LanguageModelV3StreamPart, { type: `reasoning-${string}` }>): void {
    const { text, providerOptions } = this.#reasoning.get(part.id) ?? { text: '' };
    const options = mergeOptions(providerOptions, part.providerMetadata);
    this.#reasoning.set(part.id, {
      type: 'reasoning',
      text: text + (part.type === 'reasoning-delta' ? part.delta : ''),
      ...(options && { providerOptions: options }),
    });
  }

  #finish({ finishReason, usage }: Finish): readonly LlmEvent[] {
    const stopReason = this.#stopReason(finishReason);
    this.#finished = true;
    const calls = this.#calls.map((call, at) => this.#toCall(call, at === 0));
    const counted = toUsage(usage);
    return [
      ...calls.map((call) => ({ type: 'tool_call_complete' as const, call })),
      ...(counted ? [{ type: 'usage_update' as const, usage: counted }] : []),
      { type: 'done', stopReason },
    ];
  }

  #toCall(
    { toolCallId: id, toolName: name, input, providerMetadata: options }: LanguageModelV3ToolCall,
    first: boolean,
  ): LlmToolCall {
    // What cannot be sent back as it was is not kept: a thought without its signature is refused.
    const reasoning = first ? [...this.#reasoning.values()].filter((part) => part.providerOptions) : [];
    const kept = keepWithCall(this.#provider, {
      ...(options && { options }),
      ...(reasoning.length > 0 && { reasoning }),
    });
    return { id, name, args: parseArguments(input), ...kept };
  }

  #stopReason({ unified, raw }: LanguageModelV3FinishReason): StopReason {
    if (unified === 'error' || (unified === 'other' && raw === undefined)) throw this.#incomplete(raw);
    if (unified === 'length') return 'max_tokens';
    if (unified === 'content-filter') return 'content_filter';
    if (raw === 'stop_sequence') return 'stop_sequence';
    // Not by its word alone: some servers say `stop` when they call a tool.
    return this.#calls.length > 0 ? 'tool_use' : 'end_turn';
  }

  #incomplete(raw: string | undefined): MobError {
    const why = raw === undefined ? 'without saying why' : `with "${raw}"`;
    const message = `Incomplete response: ${this.#provider} ended the answer of "${this.#model}" ${why}`;
    return new MobError('MOB_LLM_FAILED', message, {
      retryable: true,
      details: {
        kind: raw === undefined ? 'network' : 'invalid_response',
        provider: this.#provider,
        model: this.#model,
      },
    });
  }
}

function serverTool(
  { toolCallId: id, toolName: name }: { readonly toolCallId: string; readonly toolName: string },
  content: unknown,
): LlmEvent {
  return { type: 'server_tool_content', id, name, content };
}

/** What is not JSON stays the text it was: the tool refuses it, and the model sees why. */
function parseArguments(input: string): unknown {
  if (input.trim() === '') return {};
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}

/** Absent when the provider did not count. Tokens from a cache, and those written to it, are among the input tokens. */
function toUsage({ inputTokens, outputTokens }: LanguageModelV3Usage): Usage | undefined {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return undefined;
  return {
    input_tokens: inputTokens.total ?? 0,
    output_tokens: outputTokens.total ?? 0,
    ...(inputTokens.cacheWrite !== undefined && { cache_creation_tokens: inputTokens.cacheWrite }),
    ...(inputTokens.cacheRead !== undefined && { cache_read_tokens: inputTokens.cacheRead }),
  };
}

type Options = LanguageModelV3ReasoningPart['providerOptions'];

function mergeOptions(one: Options, other: Options): Options {
  if (!one || !other) return one ?? other;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, { ...one[name], ...other[name] }]));
}
