import type { Route, Router } from '@mobkit/core/ops';

/** A router by recipient that takes routes while it works. */
export function smallRouter(...given: readonly Route[]): Router {
  const kept = new Map(given.map((route) => [route.routeKey, route]));
  const routes = async () => [...kept.values()];
  return {
    routes,
    async resolve({ recipient, channel = 'notification' }) {
      const found = [...kept.values()].find((route) => route.recipient === recipient);
      if (!found) throw new Error(`no route to ${recipient}`);
      return { routeKey: found.routeKey, recipient, channel, sink: found.sink };
    },
    table: {
      routes,
      add: async (route) => void kept.set(route.routeKey, route),
      remove: async (routeKey) => kept.delete(routeKey),
    },
  };
}
