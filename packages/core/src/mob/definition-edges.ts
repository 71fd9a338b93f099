import { desiredPeerEdges } from '../desired-peer-edge.js';
import type { DesiredPeerEdge, DiscoveredMember, EdgeDiscovery } from '../discovery.js';
import type { MobDefinition } from './definition.js';

/**
 * The wires that the `wiring` of a definition asks for, as an `EdgeDiscovery`: the members of the orchestrator's profile to
 * everybody with `auto_wire_orchestrator`, and the pairs of `role_wiring`. Keeps them there, while the engine alone only
 * makes them as members are spawned.
 */
export function definitionEdges({ orchestrator, wiring = {} }: MobDefinition): EdgeDiscovery {
  const pairs = wiring.role_wiring ?? [];
  const lead = wiring.auto_wire_orchestrator === true ? orchestrator?.profile : undefined;
  return {
    async discoverEdges(members, { signal }) {
      signal.throwIfAborted();
      const ofProfile = new Map<string, DiscoveredMember[]>();
      for (const member of members) {
        const alike = ofProfile.get(member.profile);
        if (alike) alike.push(member);
        else ofProfile.set(member.profile, [member]);
      }
      const edges = [
        ...(lead === undefined ? [] : between(ofProfile.get(lead), members)),
        ...pairs.flatMap(({ a, b }) => between(ofProfile.get(a), ofProfile.get(b))),
      ];
      return desiredPeerEdges(edges);
    },
  };
}

function between(
  some: readonly DiscoveredMember[] = [],
  others: readonly DiscoveredMember[] = [],
): DesiredPeerEdge[] {
  return some.flatMap(({ identity: a }) =>
    others.filter(({ identity: b }) => a !== b).map(({ identity: b }) => ({ a, b })),
  );
}
