import type { LanguageModelV3ReasoningPart, LanguageModelV3ToolCallPart } from '@ai-sdk/provider';
import type { LlmToolCall } from '@mobkit/core/mob';

type Options = NonNullable<LanguageModelV3ToolCallPart['providerOptions']>;

/**
 * What a provider wants back with a call: its signature, and what was thought before it. Some refuse the result of a call
 * that comes without.
 */
export interface KeptWithCall {
  readonly options?: Options;
  readonly reasoning?: readonly LanguageModelV3ReasoningPart[];
}

/** What is kept with a call, or nothing if there is nothing to keep. JSON. */
export function keepWithCall(provider: string, kept: KeptWithCall): Pick<LlmToolCall, 'providerState'> {
  return Object.keys(kept).length === 0 ? {} : { providerState: { provider, ...kept } };
}

/** What to send back. Nothing to another provider: it could not read it. */
export function keptOf({ providerState }: LlmToolCall, provider: string): KeptWithCall {
  return providerState?.['provider'] === provider ? providerState : {};
}
