import { agentDiscoverySpecsFromJson } from './agent-discovery-specs.js';
import { isPlainObject } from './copy-json.js';
import { desiredPeerEdges } from './desired-peer-edge.js';
import type { AgentDiscoverySpec, DesiredPeerEdge } from './discovery.js';
import { MobError } from './errors.js';

/** Who should exist and who should be able to talk to whom, as one document says it. */
export interface DesiredShape {
  readonly members: readonly AgentDiscoverySpec[];
  /** Each once, sorted. */
  readonly edges: readonly DesiredPeerEdge[];
}

/**
 * Reads a document of `members` (as `agentDiscoverySpecsFromJson`) and `edges` (as `desiredPeerEdges`; absent: none). It must
 * have `members`, so that an empty one, or half of one, is no order to retire everybody.
 *
 * @throws MobError `MOB_DISCOVERY_INVALID` or `MOB_WIRING_INVALID`; `details.field` says where.
 */
export function desiredShapeFromJson(document: unknown): DesiredShape {
  if (!isPlainObject(document)) throw invalid('', 'The document is not an object of members and edges');
  const unknown = Object.keys(document).find((key) => key !== 'members' && key !== 'edges');
  if (unknown !== undefined) throw invalid(unknown, `${unknown} is unknown: there are members and edges`);
  if (document['members'] === undefined) {
    throw invalid(
      'members',
      'members is missing: list the members, or say that there are none by an empty list',
    );
  }
  return {
    members: agentDiscoverySpecsFromJson(document['members'], 'members'),
    edges: desiredPeerEdges(document['edges'] ?? [], 'edges'),
  };
}

function invalid(field: string, message: string): MobError {
  return new MobError('MOB_DISCOVERY_INVALID', message, { details: { field } });
}
