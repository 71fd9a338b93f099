import { type MobPlugin, type Token, token, tokens } from '@mobkit/di';
import {
  type BootstrapOptions,
  bootstrapRuntime,
  type RuntimeParts,
  type UnifiedRuntime,
} from '@mobkit/runtime';

import { deadLettersToken } from './dead-letters.js';

/** What a config may say about it. */
export type RuntimeSettings = Pick<
  RuntimeParts,
  'delegates' | 'drainTimeoutMs' | 'hooks' | 'hookTimeoutMs' | 'reconcile'
>;

/** The runtime of the app. Listed last, so that everything it uses is open before it and closed after it. */
export const runtimeToken: Token<UnifiedRuntime> = token('app.UnifiedRuntime');

export function unifiedRuntime(
  given: Pick<RuntimeParts, 'definition' | 'onError'> & RuntimeSettings,
  options?: BootstrapOptions,
): MobPlugin {
  return {
    name: 'unified-runtime',
    register(context) {
      const { container } = context;
      context
        .provideResource({
          name: 'unified-runtime',
          open: () =>
            bootstrapRuntime(
              {
                ...given,
                engine: container.resolve(tokens.mobEngine),
                storage: container.resolve(tokens.storage),
                metadata: container.resolve(tokens.metadataStore),
                eventSink: container.resolve(tokens.eventSink),
                eventLog: container.resolve(tokens.eventLogStore),
                deadLetters: container.resolve(deadLettersToken),
                router: container.resolve(tokens.router),
                ...(container.isRegistered(tokens.discovery) && {
                  discovery: container.resolve(tokens.discovery),
                }),
                ...(container.isRegistered(tokens.edgeDiscovery) && {
                  edgeDiscovery: container.resolve(tokens.edgeDiscovery),
                }),
              },
              options,
            ),
          close: async (runtime) => void (await runtime.shutdown()),
        })
        .fill(runtimeToken, (runtime) => runtime)
        .fill(tokens.mobHandle, (runtime) => runtime.mob);
    },
  };
}
