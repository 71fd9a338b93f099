import { type MobPlugin, tokens } from '@mobkit/di';

import { type GateOptions, openGate } from './open.js';

/** What the gate of an assembled app is made with; its storage is the app's. */
export type GatingPluginOptions = Pick<GateOptions, 'scope' | 'approvers' | 'quorum' | 'calls'>;

/**
 * Provides `Gate`, over `Storage` (which must be listed before). Uses the router, the delivery and the memory ledger where
 * plugins listed before it provide them, and every `MemoryConflicts` that plugins contribute.
 */
export function gating(options: GatingPluginOptions = {}): MobPlugin {
  return {
    name: 'gating',
    register(context) {
      const { container } = context;
      context
        .provideResource({
          name: 'gating',
          keepsIn: tokens.storage,
          open: () => {
            const { router, delivery, memoryLedger } = tokens;
            return openGate({
              ...options,
              storage: container.resolve(tokens.storage),
              ...(container.isRegistered(router) && { router: container.resolve(router) }),
              ...(container.isRegistered(delivery) && { delivery: container.resolve(delivery) }),
              conflicts: [
                ...(container.isRegistered(memoryLedger) ? [container.resolve(memoryLedger)] : []),
                ...context.collect(tokens.memoryConflicts),
              ],
            });
          },
          close: async () => {},
        })
        .fill(tokens.gate, (gate) => gate);
    },
  };
}
