import type { PruneBounds } from '@mobkit/core';

import type { ShipperDeps } from './shipper-deps.js';

/** Events that go at a time: a store that works on the event loop holds it up for so long. */
const PART_EVENTS = 2_000;

/** Removes from the primary what it need not keep, and nothing beyond what is archived. */
export async function pruneHot(deps: ShipperDeps, archivedTo: number, signal: AbortSignal): Promise<void> {
  const { hot, clock } = deps;
  if (hot.events !== undefined) await pruneInParts(deps, { keep: hot.events }, archivedTo, signal);
  if (hot.ms !== undefined) {
    await pruneInParts(deps, { timestampMs: Math.max(clock.now() - hot.ms, 0) }, archivedTo, signal);
  }
}

async function pruneInParts(
  { primary }: ShipperDeps,
  bounds: PruneBounds,
  archivedTo: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { firstSeq } = await primary.query({ limit: 0 });
    const seq = Math.min(firstSeq + PART_EVENTS, archivedTo + 1);
    if (seq <= firstSeq) return;
    const gone = await primary.prune?.({ ...bounds, seq });
    if (!gone || gone < PART_EVENTS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
