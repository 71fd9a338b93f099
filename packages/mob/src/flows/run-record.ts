import { MobError, type RecordsDefinition, type Storage, type StoredRecord, type Where } from '@mobkit/core';
import type { FlowRun, FlowRunFilter } from '@mobkit/core/mob';

/** Where runs of flows are kept. Keys sort the newest first. */
export const runsDefinition = {
  kind: 'records',
  name: 'mob_runs',
  fields: { mob_id: 'text', flow_id: 'text', run_id: 'text', status: 'text' },
} as const satisfies RecordsDefinition;

const PAGE = 256;
const DEFAULT_LIMIT = 100;
/** Wide enough for every safe integer, and for the runs of one millisecond. */
const [TIME_DIGITS, COUNT_DIGITS] = [16, 6];

/** @param count - How many runs this process began before. */
export function runKey({ mobId, runId, createdAtMs }: FlowRun, count: number): string {
  const time = String(Number.MAX_SAFE_INTEGER - createdAtMs).padStart(TIME_DIGITS, '0');
  const most = 10 ** COUNT_DIGITS - 1;
  const within = String(most - (count % (most + 1))).padStart(COUNT_DIGITS, '0');
  return `${mobId}/${time}/${within}/${runId}`;
}

export function putRun(key: string, run: FlowRun) {
  const fields = { mob_id: run.mobId, flow_id: run.flowId, run_id: run.runId, status: run.status };
  return { records: runsDefinition, key, record: { fields, data: JSON.stringify(run) } };
}

export function parseRun({ key, data }: StoredRecord): FlowRun {
  try {
    return JSON.parse(data) as FlowRun;
  } catch (cause) {
    throw new MobError('MOB_LEDGER_INVALID', `The run kept as "${key}" is not JSON`, {
      cause,
      details: { key },
    });
  }
}

/** Undefined when there is none of that id. */
export async function findRun(storage: Storage, mobId: string, runId: string): Promise<FlowRun | undefined> {
  const where = { mob_id: mobId, run_id: runId };
  const { records } = await storage.records(runsDefinition).list({ where, limit: 1 });
  return records[0] && parseRun(records[0]);
}

/** Newest first. */
export async function listRuns(
  storage: Storage,
  mobId: string,
  { flowId, status, limit = DEFAULT_LIMIT }: FlowRunFilter = {},
): Promise<readonly FlowRun[]> {
  const runs: FlowRun[] = [];
  const where = { mob_id: mobId, flow_id: flowId, status };
  for await (const record of runRecords(storage, where)) {
    if (runs.length >= limit) break;
    runs.push(parseRun(record));
  }
  return runs;
}

export async function* runRecords(storage: Storage, where: Where): AsyncGenerator<StoredRecord> {
  let afterKey: string | undefined;
  for (let more = true; more;) {
    const page = await storage
      .records(runsDefinition)
      .list({ where, limit: PAGE, ...(afterKey !== undefined && { afterKey }) });
    yield* page.records;
    afterKey = page.records.at(-1)?.key;
    more = page.more;
  }
}
