import { systemClock } from '@mobkit/core';
import type { Router } from '@mobkit/core/ops';

import { parseRoutes, type RulesRouterOptions, type StoredRouterOptions } from './options.js';
import { ResolutionSeal } from './resolution-seal.js';
import { RouteStore, routesDefinition } from './route-store.js';
import { RulesRouter } from './rules-router.js';
import { keysDefinition, newSealKey, openSealKey } from './seal-key.js';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Makes a router of fixed rules, checked once, here. It holds nothing open and keeps nothing: its resolutions are believed by
 * itself alone, and its routes cannot be changed.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a blank text, a limit out of its bounds, an unknown field, a key given twice or one that
 * members' own routes have (`mob.member.…`); each is named by its place, in the message and in `details.fields`.
 */
export function createRulesRouter(options: RulesRouterOptions): Router {
  return new RulesRouter(partsOf(options, newSealKey()));
}

/**
 * As `createRulesRouter`, with a table of further routes behind the fixed ones that is kept in the storage, as is the key
 * of its resolutions: routers over one storage share both, for one mob. There is nothing to close.
 *
 * A stored route whose key a fixed one has is hidden: it counts again, as it was, when that is gone.
 *
 * @throws MobError as `createRulesRouter`, and what the storage throws.
 */
export async function openRulesRouter(options: StoredRouterOptions): Promise<Router> {
  const { storage, mobId } = options;
  // Wrong rules are found before anything is kept.
  parseRoutes(options.routes);
  await storage.prepare([routesDefinition, keysDefinition]);
  const key = await openSealKey(storage, mobId);
  return new RulesRouter({ ...partsOf(options, key), stored: new RouteStore(storage, mobId) });
}

function partsOf(options: RulesRouterOptions, key: Buffer) {
  const { routes, advisor = () => undefined, validForMs = WEEK_MS, clock = systemClock } = options;
  if (!Number.isSafeInteger(validForMs) || validForMs < 1) {
    throw new TypeError(`validForMs is not a whole number of at least 1: ${validForMs}`);
  }
  return { fixed: parseRoutes(routes), advisor, seal: new ResolutionSeal(key), validForMs, clock };
}
