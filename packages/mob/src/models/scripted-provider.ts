import {
  type LlmClient,
  type LlmEvent,
  type LlmMessage,
  type LlmProvider,
  type LlmRequest,
  textOf,
} from '@mobkit/core/mob';

import { type CompiledRule, compileScript } from './compile-script.js';
import { matchRule } from './match-rule.js';
import { fillText, fillValue } from './placeholders.js';
import type { Script } from './script.js';

/**
 * The model that plays a script, under every name, `scripted` being its own: the same request always gets the same answer, without a network. Text
 * comes word by word, and words count as tokens.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a rule that cannot be played, as `parseScript` does.
 */
export function scriptedProvider(script: Script): LlmProvider {
  return {
    client: new ScriptedClient(compileScript(script)),
    supports: () => true,
    knows: (model) => model === 'scripted',
  };
}

class ScriptedClient implements LlmClient {
  readonly provider = 'scripted';
  readonly #rules: readonly CompiledRule[];

  constructor(rules: readonly CompiledRule[]) {
    this.#rules = rules;
  }

  async *stream(request: LlmRequest): AsyncGenerator<LlmEvent, void, undefined> {
    for (const event of this.#answer(request)) {
      request.signal?.throwIfAborted();
      yield event;
    }
  }

  async healthCheck(): Promise<void> {}

  *#answer(request: LlmRequest): Generator<LlmEvent, void, undefined> {
    const { text, calls } = this.#play(request);
    for (const delta of words(text)) yield { type: 'text_delta', delta };
    // Unique in the transcript too, as far as it goes.
    const turn = request.messages.filter(({ role }) => role === 'assistant').length;
    for (const [at, { name, args }] of calls.entries()) {
      yield { type: 'tool_call_complete', call: { id: `call-${turn}-${at}`, name, args } };
    }
    const usage = {
      input_tokens: request.messages.reduce((sum, { content }) => sum + words(textOf(content)).length, 0),
      output_tokens: calls.reduce(
        (sum, { args }) => sum + words(JSON.stringify(args)).length,
        words(text).length,
      ),
    };
    yield { type: 'usage_update', usage };
    yield { type: 'done', stopReason: calls.length > 0 ? 'tool_use' : 'end_turn' };
  }

  #play(request: LlmRequest) {
    for (const rule of this.#rules) {
      const fill = matchRule(rule, request);
      if (!fill) continue;
      const { text = '', calls = [] } = rule.steps[answersSince(request.messages)] ?? {};
      return {
        text: fillText(text, fill),
        calls: calls.map(({ tool, args = {} }) => ({ name: tool, args: fillValue(args, fill) })),
      };
    }
    return { text: 'ok', calls: [] };
  }
}

/** How often the model has answered since the last user message. */
function answersSince(messages: readonly LlmMessage[]): number {
  const after = messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1);
  return after.filter(({ role }) => role === 'assistant').length;
}

/** Cuts a text after each stretch of white space; joined, the words are the text again. */
function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\s)(?=\S)/);
}
