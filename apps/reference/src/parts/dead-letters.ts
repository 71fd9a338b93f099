import { type DeadLetterStore, deadLettersOver } from '@mobkit/core';
import { type MobPlugin, type Token, token, tokens } from '@mobkit/di';

/** Where events go that the event log refuses. */
export const deadLettersToken: Token<DeadLetterStore> = token('app.DeadLetterStore');

/** Keeps dead letters in whatever fills `Storage`. */
export function deadLetters(): MobPlugin {
  return {
    name: 'dead-letters',
    register(context) {
      context
        .provideResource({
          name: 'dead-letters',
          keepsIn: tokens.storage,
          open: () => deadLettersOver(context.container.resolve(tokens.storage)),
          close: async () => {},
        })
        .fill(deadLettersToken, (store) => store);
    },
  };
}
