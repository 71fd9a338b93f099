import type {
  LanguageModelV3FilePart,
  LanguageModelV3Prompt,
  LanguageModelV3TextPart,
} from '@ai-sdk/provider';
import { MobError } from '@mobkit/core';
import type { Content, ContentBlock, LlmMessage } from '@mobkit/core/mob';

import { keptOf } from './kept-with-call.js';

type Message = LanguageModelV3Prompt[number];
type Assistant = Extract<Message, { role: 'assistant' }>;
type UserPart = LanguageModelV3TextPart | LanguageModelV3FilePart;

export interface PromptTarget {
  readonly provider: string;
  readonly model: string;
  /** Which addresses it fetches by itself, by media type. */
  readonly supportedUrls: Readonly<Record<string, readonly RegExp[]>>;
}

/** @throws MobError `MOB_LLM_FAILED` for content that the model does not take. */
export function toPrompt(messages: readonly LlmMessage[], target: PromptTarget): LanguageModelV3Prompt {
  const prompt: LanguageModelV3Prompt = [];
  for (const message of messages) {
    const next = toMessage(message, target);
    const last = prompt.at(-1);
    // The results of one turn are one message; some providers insist.
    if (next.role === 'tool' && last?.role === 'tool') last.content.push(...next.content);
    // An answer without a word is refused when it is sent back.
    else if (next.content.length > 0) prompt.push(next);
  }
  return prompt;
}

function toMessage(message: LlmMessage, target: PromptTarget): Message {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content };
    case 'user':
      return { role: 'user', content: toParts(message.content, target) };
    case 'assistant':
      return { role: 'assistant', content: toAnswer(message, target) };
    case 'tool': {
      const { toolCallId, name: toolName, content: value, isError } = message;
      const output = { type: isError ? 'error-text' : 'text', value } as const;
      return { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] };
    }
  }
}

function toAnswer(
  { content, toolCalls = [] }: Extract<LlmMessage, { role: 'assistant' }>,
  { provider }: PromptTarget,
): Assistant['content'] {
  const calls = toolCalls.map((call) => ({ call, kept: keptOf(call, provider) }));
  return [
    ...calls.flatMap(({ kept }) => kept.reasoning ?? []),
    ...(content === '' ? [] : [{ type: 'text', text: content } as const]),
    ...calls.map(({ call: { id, name, args }, kept }) => ({
      type: 'tool-call' as const,
      toolCallId: id,
      toolName: name,
      // What was no object was refused by the tool; sent back as it was, it would be refused by the provider.
      input: isObject(args) ? args : {},
      ...(kept.options && { providerOptions: kept.options }),
    })),
  ];
}

function toParts(content: Content, target: PromptTarget): UserPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((block) => (block.type === 'text' ? block : toFile(block, target)));
}

type FileBlock = Exclude<ContentBlock, { type: 'text' }>;

function toFile(block: FileBlock, target: PromptTarget): LanguageModelV3FilePart {
  const { media_type: mediaType, data, url } = block;
  if (data !== undefined) return { type: 'file', mediaType, data };
  if (url === undefined || !URL.canParse(url))
    throw refused(block, target, 'has neither bytes nor an address');
  // Never fetched from here: an agent could make this machine ask for anything.
  if (!takesUrl(target, mediaType, url)) throw refused(block, target, 'is an address: give its bytes');
  return { type: 'file', mediaType, data: new URL(url) };
}

function takesUrl({ supportedUrls }: PromptTarget, mediaType: string, url: string): boolean {
  const families = ['*', '*/*', `${mediaType.split('/')[0]}/*`, mediaType];
  return families.some((family) => supportedUrls[family]?.some((pattern) => pattern.test(url)));
}

function refused({ type }: FileBlock, { provider, model }: PromptTarget, why: string): MobError {
  return new MobError('MOB_LLM_FAILED', `${provider} cannot take this for "${model}": the ${type} ${why}`, {
    details: { kind: 'invalid_request', provider, model },
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
