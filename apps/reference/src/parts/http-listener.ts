import { type MobPlugin, type Token, token } from '@mobkit/di';
import { type HttpListener, type ListenerOptions, openListener } from '@mobkit/http';

/** The open socket. */
export const listenerToken: Token<HttpListener> = token('app.HttpListener');

/**
 * The server's socket. Listed after the store and before what works: a state directory in use, or a port that is taken,
 * must not cost a turn. It says that it is not ready until a runtime is attached.
 */
export function httpListener(options: ListenerOptions): MobPlugin {
  return {
    name: 'http-listener',
    register(context) {
      context
        .provideResource({
          name: 'http-listener',
          open: () => openListener(options),
          close: (listener) => listener.close(),
        })
        .fill(listenerToken, (listener) => listener);
    },
  };
}
