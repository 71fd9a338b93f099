import { type MobPlugin, type Token, token, tokens } from '@mobkit/di';
import {
  type BootstrapOptions,
  bootstrapRuntime,
  type RuntimeParts,
  type UnifiedRuntime,
} from '@mobkit/runtime';

import { durabilityBySlot, durabilityCard } from '../durability/durability-card.js';
import { archiveMonitor, eventLogToRead } from './archive.js';
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
      /** A part that is there when a plugin fills its slot. */
      const filled = <Name extends string, T>(name: Name, slot: Token<T>): { readonly [key in Name]?: T } =>
        container.isRegistered(slot) ? ({ [name]: container.resolve(slot) } as { [key in Name]: T }) : {};
      context
        .provideResource({
          name: 'unified-runtime',
          keepsIn: tokens.storage,
          open: () => {
            const archive = archiveMonitor(container);
            return bootstrapRuntime(
              {
                ...given,
                engine: container.resolve(tokens.mobEngine),
                storage: container.resolve(tokens.storage),
                metadata: container.resolve(tokens.metadataStore),
                eventSink: container.resolve(tokens.eventSink),
                eventLog: eventLogToRead(container),
                ...(archive && { archive }),
                deadLetters: container.resolve(deadLettersToken),
                durability: durabilityBySlot(durabilityCard(context.claims(), 'process lifetime')),
                router: container.resolve(tokens.router),
                delivery: container.resolve(tokens.delivery),
                ...filled('modules', tokens.moduleHost),
                ...filled('scheduler', tokens.scheduler),
                ...filled('gate', tokens.gate),
                ...filled('memory', tokens.memoryLedger),
                ...filled('sessionStore', tokens.sessionStore),
                ...filled('sessionWarehouse', tokens.sessionWarehouse),
                ...filled('discovery', tokens.discovery),
                ...filled('edgeDiscovery', tokens.edgeDiscovery),
              },
              options,
            );
          },
          close: async (runtime) => void (await runtime.shutdown()),
        })
        .fill(runtimeToken, (runtime) => runtime)
        .fill(tokens.mobHandle, (runtime) => runtime.mob);
    },
  };
}
