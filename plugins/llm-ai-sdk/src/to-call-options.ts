import type { LanguageModelV3CallOptions, LanguageModelV3FunctionTool } from '@ai-sdk/provider';
import type { LlmRequest } from '@mobkit/core/mob';

import type { ModelInfo } from './model-catalogue.js';
import { type PromptTarget, toPrompt } from './to-prompt.js';

type ProviderOptions = NonNullable<LanguageModelV3CallOptions['providerOptions']>;

export interface CallTarget extends PromptTarget {
  readonly info: ModelInfo | undefined;
  /** Whether it can be told of which schema its answer is to be. */
  readonly structuredOutputs: boolean;
}

/**
 * A request in the words of the AI SDK.
 *
 * @throws MobError `MOB_LLM_FAILED` for content that the model does not take.
 */
export function toCallOptions(
  request: LlmRequest,
  target: CallTarget,
  signal: AbortSignal,
): LanguageModelV3CallOptions {
  const { messages, tools, maxTokens, temperature, stopSequences, outputSchema } = request;
  const { maxOutputTokens = Infinity } = target.info ?? {};
  return {
    prompt: toPrompt(messages, target),
    abortSignal: signal,
    ...(tools.length > 0 && { tools: tools.map((tool) => toTool(tool, target)) }),
    ...(maxTokens !== undefined && { maxOutputTokens: Math.min(maxTokens, maxOutputTokens) }),
    ...(temperature !== undefined && { temperature }),
    ...(stopSequences && { stopSequences: [...stopSequences] }),
    ...(outputSchema &&
      target.structuredOutputs && {
        responseFormat: { type: 'json', name: 'answer', schema: outputSchema },
      }),
    providerOptions: toProviderOptions(request.providerParams, target),
  };
}

function toTool(tool: LlmRequest['tools'][number], { provider }: PromptTarget): LanguageModelV3FunctionTool {
  const { name, description, inputSchema } = tool;
  return {
    type: 'function',
    name,
    description,
    inputSchema,
    // Strict is its default, and would make every optional argument a required one.
    ...(provider === 'openai' && { strict: false }),
  };
}

function toProviderOptions(given: LlmRequest['providerParams'] = {}, { provider }: PromptTarget) {
  const options = Object.entries(given).filter(([, value]) => typeof value === 'object' && value !== null);
  const all = Object.fromEntries(options) as ProviderOptions;
  if (provider !== 'openai') return all;
  // Transcripts are kept here, so they need not be kept there; and any schema is taken, not only a strict one.
  return { ...all, openai: { store: false, strictJsonSchema: false, ...all['openai'] } };
}
