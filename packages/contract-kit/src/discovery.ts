import type { AgentDiscoverySpec, Discovery } from '@mobkit/core';

import { describeSource } from './discovery/describe-source.js';
import { discoveryPromises } from './discovery/roster.js';
import type { SourceHarness } from './discovery/source.js';

/** How the kit gets discoveries to test. Identities are unique in what it makes them desire. */
export type DiscoveryHarness = SourceHarness<Discovery, AgentDiscoverySpec>;

/** Registers the tests every `Discovery` passes. Call it at the top level of a vitest file. */
export function describeDiscovery(harness: DiscoveryHarness): void {
  describeSource('Discovery', harness, discoveryPromises);
}
