import { checkText, type Clock, MobError, type Storage } from '@mobkit/core';
import { MOST_PER_MINUTE, MOST_RETRIES, type Route, type RouteAdvisor } from '@mobkit/core/ops';
import { z } from 'zod';

/** What `createRulesRouter` is given. */
export interface RulesRouterOptions {
  /**
   * The rules, in the order that decides between equals; none at all is allowed. White space around a text does not
   * count, and none may be blank.
   */
  readonly routes: readonly Route[];
  /** Asked at each message; of undefined nothing is asked. @defaultValue nobody */
  readonly advisor?: () => RouteAdvisor | undefined;
  /** For how long a resolution is believed: milliseconds, at least one. @defaultValue seven days */
  readonly validForMs?: number;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/** What `openRulesRouter` is given. It closes none of it. */
export interface StoredRouterOptions extends RulesRouterOptions {
  /** Keeps the route table, in the records `routes`, and the key of resolutions, in `routing_keys`. */
  readonly storage: Storage;
  /** Whose routes they are: several mobs may keep theirs in one storage. */
  readonly mobId: string;
}

/** Routes to members are named so by the runtime, which adds and removes them. */
const MEMBER_ROUTES = 'mob.member.';

/** Leaves a key of the storage room for the mob. */
const LONGEST_KEY = 256;

const text = z.string().trim().min(1, 'is blank').refine(isStorable, 'is too long or holds NUL');
const whole = (least: number, most: number) =>
  z.int(`is not a whole number from ${least} to ${most}`).min(least).max(most);
const route = z.strictObject({
  routeKey: text.max(LONGEST_KEY, `is longer than ${LONGEST_KEY} characters`),
  recipient: text,
  channel: text.exactOptional(),
  sink: text,
  targetModule: text.exactOptional(),
  retryMax: whole(0, MOST_RETRIES).exactOptional(),
  backoffMs: whole(0, Number.MAX_SAFE_INTEGER).exactOptional(),
  rateLimitPerMinute: whole(1, MOST_PER_MINUTE).exactOptional(),
});
const routesSchema = z.array(route).check(checkKeys);

/** @throws MobError `MOB_CONFIG_INVALID`, naming each wrong field by its place in the list. */
export function parseRoutes(routes: readonly Route[]): readonly Route[] {
  const parsed = z.strictObject({ routes: routesSchema }).safeParse({ routes });
  if (parsed.success) return parsed.data.routes;
  throw new MobError('MOB_CONFIG_INVALID', `router-rules: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
    details: { fields: parsed.error.issues.map(({ path }) => z.core.toDotPath(path)) },
  });
}

/** @throws MobError `MOB_REQUEST_INVALID`. */
export function parseRoute(given: Route): Route {
  const parsed = route.safeParse(given);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new MobError('MOB_REQUEST_INVALID', `A route cannot be kept: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
    details: { field: first ? z.core.toDotPath(first.path) : 'route' },
  });
}

function checkKeys({ value: routes, issues }: z.core.ParsePayload<readonly Route[]>): void {
  const places = new Map<string, number>();
  const refuse = (index: number, input: string, message: string) =>
    issues.push({ code: 'custom', message, path: [index, 'routeKey'], input });
  for (const [index, { routeKey }] of routes.entries()) {
    const first = places.get(routeKey);
    if (first !== undefined) {
      refuse(index, routeKey, `"${routeKey}" is the key of routes[${first}] too: give each route its own`);
    } else if (routeKey.startsWith(MEMBER_ROUTES)) {
      refuse(index, routeKey, `"${routeKey}" is a key for a member's own route: choose another`);
    }
    places.set(routeKey, first ?? index);
  }
}

function isStorable(value: string): boolean {
  try {
    checkText('It', value);
    return true;
  } catch {
    return false;
  }
}
