import type { FaultBoard } from './fault-board.js';
import type { Job, QueryDone } from './job.js';
import { tableName } from './names.js';
import type { QueryParameter } from './parameters.js';
import { type Plan, planOf } from './plan.js';
import { invalidQuery, Refusal } from './refusal.js';
import { describe, type Outcome, runStatement } from './run-statement.js';
import type { StatementLog } from './statement-log.js';
import { beforeQuery } from './streaming.js';
import type { Warehouse } from './warehouse.js';

export interface QueryRequest {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string;
  readonly query: string;
  readonly useLegacySql: boolean;
  readonly parameters: readonly QueryParameter[];
  readonly defaultDatasetId: string | undefined;
  readonly maximumBytesBilled: number | undefined;
  readonly dryRun: boolean;
  readonly configuration: Readonly<Record<string, unknown>>;
}

export interface QueryDeps {
  readonly warehouse: Warehouse;
  readonly faults: FaultBoard;
  readonly statements: StatementLog;
}

/** Runs a statement. What fails while it runs is the job's own failure; what cannot be run at all is refused. */
export function runQueryJob(deps: QueryDeps, request: QueryRequest): Promise<Job> {
  return deps.warehouse.duck.alone(() => run(deps, request));
}

async function run({ warehouse, faults, statements }: QueryDeps, request: QueryRequest): Promise<Job> {
  const defaults = { projectId: request.projectId, datasetId: request.defaultDatasetId };
  const entry = statements.add(request);
  const job = {
    projectId: request.projectId,
    jobId: request.jobId,
    location: request.location,
    type: 'QUERY' as const,
    configuration: request.configuration,
    datasets: entry.datasets,
    created: Date.now(),
    polls: request.dryRun ? 0 : faults.of(entry.datasets).slowJobs,
  };
  try {
    if (request.useLegacySql) throw invalidQuery('Legacy SQL is not known here');
    const plan = await seen(warehouse, faults, request, defaults);
    const { totalBytesProcessed, partitions, statement } = plan;
    Object.assign(entry, { kind: statement.kind, partitions, totalBytesProcessed });
    if ('table' in statement) Object.assign(entry, { table: tableName(statement.table, defaults) });
    const done: QueryDone = { kind: statement.kind, totalBytesProcessed, fields: [] };
    const { maximumBytesBilled } = request;
    if (maximumBytesBilled !== undefined && totalBytesProcessed > maximumBytesBilled && !request.dryRun) {
      const message = `Query exceeded limit for bytes billed: ${maximumBytesBilled}. ${totalBytesProcessed} or higher required.`;
      const failure = new Refusal(400, 'bytesBilledLimitExceeded', message);
      entry.error = failure.message;
      return { ...job, query: done, failure };
    }
    if (request.dryRun) return { ...job, query: { ...done, fields: await describe(warehouse, plan) } };
    const outcome: Outcome = await runStatement(warehouse, plan, defaults);
    return { ...job, query: { ...done, fields: outcome.fields, outcome } };
  } catch (error) {
    entry.error = error instanceof Error ? error.message : String(error);
    throw error;
  }
}

/** The plan of a statement that sees what was streamed long enough ago. */
async function seen(
  warehouse: Warehouse,
  faults: FaultBoard,
  request: QueryRequest,
  defaults: Parameters<typeof planOf>[3],
): Promise<Plan> {
  const planned = () => planOf(warehouse, request.query, request.parameters, defaults);
  const plan = await planned();
  if (request.dryRun) return plan;
  const before = plan.tables.map(({ version }) => version);
  for (const table of plan.tables) await beforeQuery(warehouse, table, faults.of([table.name.datasetId]));
  return plan.tables.some(({ version }, at) => version !== before[at]) ? planned() : plan;
}
