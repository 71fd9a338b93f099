import type { ErrorHook } from '@mobkit/core';
import type { MobDefinition } from '@mobkit/core/mob';
import { type MobPlugin, type Token, token, tokens } from '@mobkit/di';
import { bootstrapRuntime, type UnifiedRuntime } from '@mobkit/runtime';

import { deadLettersToken } from './dead-letters.js';

/** The runtime of the app. Listed last, so that everything it uses is open before it and closed after it. */
export const runtimeToken: Token<UnifiedRuntime> = token('app.UnifiedRuntime');

export function unifiedRuntime(options: {
  readonly definition: MobDefinition;
  readonly onError: ErrorHook;
}): MobPlugin {
  return {
    name: 'unified-runtime',
    register(context) {
      const { container } = context;
      context
        .provideResource({
          name: 'unified-runtime',
          open: () =>
            bootstrapRuntime({
              ...options,
              engine: container.resolve(tokens.mobEngine),
              storage: container.resolve(tokens.storage),
              metadata: container.resolve(tokens.metadataStore),
              eventSink: container.resolve(tokens.eventSink),
              eventLog: container.resolve(tokens.eventLogStore),
              deadLetters: container.resolve(deadLettersToken),
            }),
          close: async (runtime) => void (await runtime.shutdown()),
        })
        .fill(runtimeToken, (runtime) => runtime)
        .fill(tokens.mobHandle, (runtime) => runtime.mob);
    },
  };
}
