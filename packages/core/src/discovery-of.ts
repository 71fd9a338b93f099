import { checkAgentDiscoverySpecs } from './agent-discovery-specs.js';
import { desiredPeerEdges } from './desired-peer-edge.js';
import type {
  AgentDiscoverySpec,
  DesiredPeerEdge,
  DiscoveredMember,
  Discovery,
  DiscoveryContext,
  EdgeDiscovery,
} from './discovery.js';

/**
 * A plain function as a `Discovery`. What it answers is checked and copied; when the signal is aborted, nobody waits for it
 * any longer.
 *
 * @throws from `discover`, MobError `MOB_DISCOVERY_INVALID`, beside what the function throws.
 */
export function discoveryOf(
  answer: (
    context: DiscoveryContext,
  ) => readonly AgentDiscoverySpec[] | Promise<readonly AgentDiscoverySpec[]>,
): Discovery {
  return {
    discover: async (context) =>
      checkAgentDiscoverySpecs(await unlessAborted(context.signal, async () => answer(context))),
  };
}

/**
 * A plain function as an `EdgeDiscovery`. What it answers is checked and copied, each edge once; when the signal is aborted,
 * nobody waits for it any longer.
 *
 * @throws from `discoverEdges`, MobError `MOB_WIRING_INVALID`, beside what the function throws.
 */
export function edgeDiscoveryOf(
  answer: (
    members: readonly DiscoveredMember[],
    context: DiscoveryContext,
  ) => readonly DesiredPeerEdge[] | Promise<readonly DesiredPeerEdge[]>,
): EdgeDiscovery {
  return {
    discoverEdges: async (members, context) =>
      desiredPeerEdges(await unlessAborted(context.signal, async () => answer(members, context))),
  };
}

async function unlessAborted<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([run(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
