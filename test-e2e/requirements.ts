import type { Requirement } from './requirement.js';
import { agentRequirements } from './requirements/agent.js';
import { appRequirements } from './requirements/app.js';
import { benchRequirements } from './requirements/bench.js';
import { engineRequirements } from './requirements/engine.js';
import { faultsRequirements } from './requirements/faults.js';
import { commsRequirements } from './requirements/comms.js';
import { childrenRequirements } from './requirements/children.js';
import { definitionRequirements } from './requirements/definition.js';
import { discoveryRequirements } from './requirements/discovery.js';
import { flowRequirements } from './requirements/flows.js';
import { httpRequirements } from './requirements/http.js';
import { kitRequirements } from './requirements/kit.js';
import { lifecycleRequirements } from './requirements/lifecycle.js';
import { logRequirements } from './requirements/log.js';
import { membersRequirements } from './requirements/members.js';
import { mcpRequirements } from './requirements/mcp.js';
import { mobRequirements } from './requirements/mob.js';
import { modelsRequirements } from './requirements/models.js';
import { opsRequirements } from './requirements/ops.js';
import { ownershipRequirements } from './requirements/ownership.js';
import { postgresRequirements } from './requirements/postgres.js';
import { rosterRequirements } from './requirements/roster.js';
import { rpcRequirements } from './requirements/rpc.js';
import { runtimeLifecycleRequirements } from './requirements/runtime-lifecycle.js';
import { runtimeRequirements } from './requirements/runtime.js';
import { runtimeEventsRequirements } from './requirements/runtime-events.js';
import { shapeRequirements } from './requirements/shape.js';
import { spoolRequirements } from './requirements/spool.js';
import { storeRequirements } from './requirements/store.js';
import { modulesRequirements } from './requirements/modules.js';
import { routingRequirements } from './requirements/routing.js';
import { deliveriesRequirements } from './requirements/deliveries.js';
import { sinksRequirements } from './requirements/sinks.js';
import { schedulesRequirements } from './requirements/schedules.js';
import { gatingRequirements } from './requirements/gating.js';
import { memoryRequirements } from './requirements/memory.js';
import { policiesRequirements } from './requirements/policies.js';
import { archiveRequirements } from './requirements/archive.js';
import { bigqueryRequirements } from './requirements/bigquery.js';
import { bigquerySessionRequirements } from './requirements/bigquery-sessions.js';
import { doorRequirements } from './requirements/door.js';
import { packagesRequirements } from './requirements/packages.js';
import { sessionStoreRequirements } from './requirements/session-store.js';
import { workspaceRequirements } from './requirements/workspace.js';

/** Every behaviour promised so far; `requirements.test.ts` fails when one has no test. */
export const requirements: readonly Requirement[] = [
  ...agentRequirements,
  ...appRequirements,
  ...benchRequirements,
  ...engineRequirements,
  ...faultsRequirements,
  ...commsRequirements,
  ...childrenRequirements,
  ...definitionRequirements,
  ...discoveryRequirements,
  ...flowRequirements,
  ...httpRequirements,
  ...kitRequirements,
  ...lifecycleRequirements,
  ...logRequirements,
  ...membersRequirements,
  ...mcpRequirements,
  ...mobRequirements,
  ...modelsRequirements,
  ...opsRequirements,
  ...ownershipRequirements,
  ...postgresRequirements,
  ...rosterRequirements,
  ...rpcRequirements,
  ...runtimeLifecycleRequirements,
  ...runtimeRequirements,
  ...runtimeEventsRequirements,
  ...shapeRequirements,
  ...spoolRequirements,
  ...storeRequirements,
  ...modulesRequirements,
  ...routingRequirements,
  ...deliveriesRequirements,
  ...sinksRequirements,
  ...schedulesRequirements,
  ...gatingRequirements,
  ...memoryRequirements,
  ...policiesRequirements,
  ...archiveRequirements,
  ...bigqueryRequirements,
  ...bigquerySessionRequirements,
  ...doorRequirements,
  ...packagesRequirements,
  ...sessionStoreRequirements,
  ...workspaceRequirements,
];
