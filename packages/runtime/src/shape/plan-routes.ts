import type { Route } from '@mobkit/core/ops';

import type { PlannedRoute, RoutePlan } from './shape-plan.js';

/** What the routes of members are called, so that no other is ever touched. */
const PREFIX = 'mob.member.';

/** A route to a member has no limits of its own. */
const COMPARED = [
  'recipient',
  'channel',
  'sink',
  'targetModule',
  'retryMax',
  'backoffMs',
  'rateLimitPerMinute',
] as const;

export interface RouteFacts {
  /** Everybody who works, sorted. */
  readonly activeMembers: readonly string[];
  /** Undefined when there is no router whose routes may change. */
  readonly routes: readonly Route[] | undefined;
  readonly routerModuleLoaded: boolean;
}

/** Compares the routes to members with the members there are: each has one by which messages reach it. */
export function planRoutes({ activeMembers, routes, routerModuleLoaded }: RouteFacts): RoutePlan {
  if (!routes) return { routerModuleLoaded, activeMembers, add: [], remove: [] };
  const wanted = new Map(activeMembers.map((identity) => [routeKeyTo(identity), routeTo(identity)]));
  const remove: PlannedRoute[] = [];
  const there = new Set<string>();
  for (const route of routes) {
    if (!route.routeKey.startsWith(PREFIX)) continue;
    const want = wanted.get(route.routeKey);
    if (want && same(want, route)) there.add(route.routeKey);
    else remove.push({ ...route, reason: want ? 'leads elsewhere' : 'leads to nobody who works here' });
  }
  const add = [...wanted.values()]
    .filter(({ routeKey }) => !there.has(routeKey))
    .map((route) => ({ ...route, reason: 'its member has no route' }));
  return { routerModuleLoaded, activeMembers, add: sorted(add), remove: sorted(remove) };
}

/** The key of the route to a member. */
export function routeKeyTo(identity: string): string {
  return `${PREFIX}${identity}`;
}

function routeTo(identity: string): Route {
  return {
    routeKey: routeKeyTo(identity),
    recipient: identity,
    channel: 'notification',
    sink: 'mob_member',
    targetModule: 'delivery',
  };
}

function same(one: Route, other: Route): boolean {
  return COMPARED.every((field) => one[field] === other[field]);
}

function sorted(routes: readonly PlannedRoute[]): readonly PlannedRoute[] {
  return routes.toSorted((one, other) => (one.routeKey < other.routeKey ? -1 : 1));
}
