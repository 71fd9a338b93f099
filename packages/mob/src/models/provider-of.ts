import type { LlmClient, LlmProvider } from '@mobkit/core/mob';

/**
 * Offers a client's models to an engine.
 *
 * @param supports - Which models it answers for. @defaultValue every one
 */
export function providerOf(
  client: LlmClient,
  supports: (model: string) => boolean = () => true,
): LlmProvider {
  return { client, supports };
}
