import type { Clock } from '@mobkit/core';
import { type ModuleEventListener, resolutionToJson, type Router } from '@mobkit/core/ops';

/**
 * Tells of every resolution that a router gives out, whoever asked for it, as event `resolved` of the module `router`. Returns
 * what ends it.
 */
export function tellResolved(
  router: Pick<Router, 'onResolved'>,
  tell: ModuleEventListener,
  clock: Clock,
): () => void {
  return router.onResolved((resolution) =>
    tell({
      // No two resolutions have one route id, in whichever process.
      eventId: `resolved-${resolution.routeId}`,
      timestampMs: clock.now(),
      event: {
        kind: 'module',
        module: 'router',
        eventType: 'resolved',
        payload: resolutionToJson(resolution),
      },
    }),
  );
}
