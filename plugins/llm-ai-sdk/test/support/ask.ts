import { isMobError, type MobError } from '@mobkit/core';
import type { LlmEvent, LlmProvider, LlmRequest } from '@mobkit/core/mob';
import { createLlmProviders, type LlmProvidersOptions, type ModelServer } from '@mobkit/llm-ai-sdk';

export const KEY = 'sk-test-0123456789';

/** The provider of one name, at an address. */
export function providerAt(
  name: string,
  baseUrl: string,
  { server = {}, ...options }: LlmProvidersOptions & { readonly server?: ModelServer } = {},
): LlmProvider {
  const servers = { [name]: { baseUrl, apiKey: KEY, ...server } };
  const provider = createLlmProviders({ servers, env: {}, ...options }).find(
    ({ client }) => client.provider === name,
  );
  if (!provider) throw new Error(`There is no provider ${name}`);
  return provider;
}

export function request(model: string, given: Partial<LlmRequest> = {}): LlmRequest {
  return {
    model,
    messages: [
      { role: 'system', content: 'You are brief.' },
      { role: 'user', content: 'Hello' },
    ],
    tools: [],
    agent: { mobId: 'm', identity: 'one', role: 'worker' },
    ...given,
  };
}

export async function eventsOf({ client }: LlmProvider, asked: LlmRequest): Promise<LlmEvent[]> {
  const events: LlmEvent[] = [];
  for await (const event of client.stream(asked)) events.push(event);
  return events;
}

/** The error of a request that is to fail. */
export async function failureOf(provider: LlmProvider, asked: LlmRequest): Promise<MobError> {
  const error: unknown = await eventsOf(provider, asked).catch((caught: unknown) => caught);
  if (!isMobError(error, 'MOB_LLM_FAILED')) throw new Error(`Not the expected failure: ${String(error)}`);
  return error;
}
