import { hostname } from 'node:os';

import { tokens, type MobPlugin } from '@mobkit/di';
import { createMobEngine } from '@mobkit/mob';

import { listenerToken } from './http-listener.js';
import { sessionRowsToken } from './session-rows.js';

/** The engine that comes with mobkit, with every model and every tool that plugins offer. */
export function mobEngine({ listens }: { readonly listens: boolean }): MobPlugin {
  return {
    name: 'mob-engine',
    register(context) {
      const create = () =>
        createMobEngine({
          storage: context.container.isRegistered(sessionRowsToken)
            ? context.container.resolve(sessionRowsToken).storage
            : context.container.resolve(tokens.storage),
          providers: () => context.collect(tokens.llmProviders),
          tools: () => context.collect(tokens.agentTools),
          toolSources: () => context.collect(tokens.toolSources),
          ...(context.container.isRegistered(tokens.gate) && {
            toolGate: context.container.resolve(tokens.gate),
          }),
          // Whoever names a store that keeps nothing in the config means it.
          allowEphemeralSessions: true,
          owner: ownerName(listens ? context.container.resolve(listenerToken).url : undefined),
        });
      context.provide(tokens.mobEngine, create, { keepsIn: tokens.storage });
    },
  };
}

/** What another process that wants the mob is told: who has it, and where to reach that. */
function ownerName(url: string | undefined): string {
  return `process ${process.pid} on ${hostname()}${url === undefined ? '' : `, at ${url}`}`;
}
