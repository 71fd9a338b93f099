import type { Route } from '@mobkit/core/ops';

/** What a route says that takes anyone, or anything. */
export const ANY = '*';

/** The route that takes a recipient on a channel: the most particular one, and of equals the one listed first. */
export function matchRoute(routes: readonly Route[], recipient: string, channel: string): Route | undefined {
  let best: Route | undefined;
  let least = Infinity;
  for (const route of routes) {
    const rank = rankOf(route, recipient, channel);
    if (rank >= least) continue;
    best = route;
    least = rank;
  }
  return best;
}

/** The lower the more particular; infinite for one that does not take it. */
function rankOf({ recipient: to, channel: on = ANY }: Route, recipient: string, channel: string): number {
  const who = to === recipient ? 0 : to === ANY ? 2 : Infinity;
  return who + (on === channel ? 0 : on === ANY ? 1 : Infinity);
}
