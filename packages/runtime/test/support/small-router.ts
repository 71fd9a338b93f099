import { DEFAULT_ROUTE_LIMITS, type Resolution, type Route, type Router } from '@mobkit/core/ops';

/** A router by recipient that takes routes while it works. */
export function smallRouter(...given: readonly Route[]): Router {
  const kept = new Map(given.map((route) => [route.routeKey, route]));
  const routes = async () => [...kept.values()];
  const listeners = new Set<(resolution: Resolution) => void>();
  let resolved = 0;
  return {
    routes,
    async resolve({ recipient, channel = 'notification' }) {
      const found = [...kept.values()].find((route) => route.recipient === recipient);
      if (!found) throw new Error(`no route to ${recipient}`);
      const { routeKey, sink, targetModule = 'delivery' } = found;
      const limits = DEFAULT_ROUTE_LIMITS;
      const routeId = `route-${++resolved}`;
      const resolution = { routeId, recipient, channel, sink, targetModule, routeKey, ...limits };
      for (const listener of listeners) listener(resolution);
      return resolution;
    },
    verify: async () => {},
    onResolved(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    table: {
      routes,
      async put(route) {
        kept.set(route.routeKey, route);
        return route;
      },
      async delete(routeKey) {
        const route = kept.get(routeKey);
        kept.delete(routeKey);
        return route;
      },
    },
  };
}
