import type { FaultBoard } from './fault-board.js';
import type { FaultSwitches } from './faults.js';
import { type ApiRequest, jsonOf } from './request.js';
import type { RequestLog } from './request-log.js';
import type { StatementLog } from './statement-log.js';
import { release } from './streaming.js';
import type { Warehouse } from './warehouse.js';

export interface ControlDeps {
  readonly warehouse: Warehouse;
  readonly faults: FaultBoard;
  readonly statements: StatementLog;
  readonly requests: RequestLog;
}

/** What tests ask of the server itself, each about one dataset or, when none is named, about all. */
export async function control(deps: ControlDeps, request: ApiRequest): Promise<object | undefined> {
  const dataset = request.query.get('dataset') ?? undefined;
  const said = `${request.method} ${request.parts.slice(1).join('/')}`;
  switch (said) {
    case 'POST faults':
      deps.faults.set(dataset, jsonOf(request) as FaultSwitches);
      return {};
    case 'POST release':
      await deps.warehouse.duck.alone(async () => {
        for (const table of deps.warehouse.tablesOf(dataset)) await release(deps.warehouse, table);
      });
      return {};
    case 'GET statements':
      return { statements: deps.statements.of(dataset) };
    case 'POST statements/clear':
      deps.statements.clear(dataset);
      return {};
    case 'GET requests':
      return { requests: deps.requests.of(dataset) };
    case 'POST requests/clear':
      deps.requests.clear(dataset);
      return {};
    default:
      return undefined;
  }
}
