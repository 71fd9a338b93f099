import { type MobPlugin, tokens } from '@mobkit/di';

import { createLlmProviders, type LlmProvidersOptions } from './create-llm-providers.js';

/**
 * Offers the models of OpenAI, Anthropic, Google and OpenAI-compatible servers. List it after a model that answers to any
 * name: of several that support a name, the last is asked.
 */
export function llmAiSdk(options: LlmProvidersOptions = {}): MobPlugin {
  return {
    name: 'llm-ai-sdk',
    register(context) {
      for (const provider of createLlmProviders(options)) {
        context.contribute(tokens.llmProviders, () => provider);
      }
    },
  };
}

/** With its defaults, for a config that names the package. */
export function plugin(): MobPlugin {
  return llmAiSdk();
}
