import type { DesiredPeerEdge, EdgeDiscovery } from '@mobkit/core';

import { describeSource } from './discovery/describe-source.js';
import { edgePromises } from './discovery/edges.js';
import type { SourceHarness } from './discovery/source.js';

/** How the kit gets edge discoveries to test. The edges that it makes them desire are among the members that it gives. */
export type EdgeDiscoveryHarness = SourceHarness<EdgeDiscovery, DesiredPeerEdge>;

/** Registers the tests every `EdgeDiscovery` passes. Call it at the top level of a vitest file. */
export function describeEdgeDiscovery(harness: EdgeDiscoveryHarness): void {
  describeSource('EdgeDiscovery', harness, edgePromises);
}
