import { MobError } from '@mobkit/core';
import type { Route } from '@mobkit/core/ops';
import { z } from 'zod';

/** What `createRulesRouter` is given. */
export interface RulesRouterOptions {
  /**
   * The rules, in the order that decides between equals; none at all is allowed. White space around a text does not
   * count, and none may be blank.
   */
  readonly routes: readonly Route[];
}

const text = z.string().trim().min(1, 'is blank');
const route = z.strictObject({
  routeKey: text,
  recipient: text,
  channel: text.exactOptional(),
  sink: text,
  targetModule: text.exactOptional(),
});
const optionsSchema = z.strictObject({ routes: z.array(route).check(checkKeys) });

/** @throws MobError `MOB_CONFIG_INVALID`, naming each wrong field by its place in the list. */
export function parseRoutes(options: RulesRouterOptions): readonly Route[] {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data.routes;
  throw new MobError('MOB_CONFIG_INVALID', `router-rules: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
    details: { fields: parsed.error.issues.map(({ path }) => z.core.toDotPath(path)) },
  });
}

/** @throws MobError `MOB_CONFIG_INVALID`. */
export function parseRoute(given: Route): Route {
  const parsed = route.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new MobError('MOB_CONFIG_INVALID', `A route cannot be added: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
    details: { fields: parsed.error.issues.map(({ path }) => z.core.toDotPath(path)) },
  });
}

function checkKeys({ value: routes, issues }: z.core.ParsePayload<readonly Route[]>): void {
  const places = new Map<string, number>();
  for (const [index, { routeKey }] of routes.entries()) {
    const first = places.get(routeKey);
    if (first === undefined) places.set(routeKey, index);
    else {
      issues.push({
        code: 'custom',
        message: `"${routeKey}" is the key of routes[${first}] too: give each route its own`,
        path: [index, 'routeKey'],
        input: routeKey,
      });
    }
  }
}
