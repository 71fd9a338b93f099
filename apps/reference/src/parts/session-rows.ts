import type { ErrorHook } from '@mobkit/core';
import { type MobPlugin, type Token, token, tokens } from '@mobkit/di';
import { openSessionRows, type SessionRows } from '@mobkit/mob';

/** What the engine tells of its sessions. Nobody fills it where there is no session store. */
export const sessionRowsToken: Token<SessionRows> = token('app.SessionRows');

/** A slow store gets so long at the end; what it does not take then is written after the next start. */
const CLOSE_MS = 5_000;

export interface SessionRowsPartOptions {
  readonly mobId: string;
  readonly onError: ErrorHook;
  readonly onWarning: (text: string) => void;
}

/**
 * Writes what becomes of the mob's sessions into the session store, if a plugin fills that slot. To be listed after
 * whatever may, and before what opens the mob.
 */
export function sessionRows({ mobId, onError, onWarning }: SessionRowsPartOptions): MobPlugin {
  return {
    name: 'session-rows',
    register(context) {
      const { container } = context;
      if (!container.isRegistered(tokens.sessionStore)) return;
      context
        .provideResource({
          name: 'session-rows',
          keepsIn: tokens.sessionStore,
          open: async () =>
            openSessionRows({
              storage: container.resolve(tokens.storage),
              sessions: container.resolve(tokens.sessionStore),
              mobId,
              onError,
            }),
          async close(rows) {
            const left = await rows.close(CLOSE_MS);
            if (left > 0)
              onWarning(`${left} rows of sessions wait for the next start: the session store took none`);
          },
        })
        .fill(sessionRowsToken, (rows) => rows);
    },
  };
}
