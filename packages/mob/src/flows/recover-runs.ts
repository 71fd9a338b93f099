import type { DeleteWrite, StoredRecord } from '@mobkit/core';
import type { FlowRun } from '@mobkit/core/mob';

import type { MobContext } from '../engine/mob-context.js';
import { inputsDefinition, parseInput } from '../members/input.js';
import { listInputs } from '../members/list-inputs.js';
import { parseRun, putRun, runRecords } from './run-record.js';

/**
 * Ends the runs of a process that is gone, each once, and removes the turns they were waiting for that have not begun. Answers
 * a sentence for each. @throws what the storage throws.
 */
export async function recoverRuns(context: MobContext): Promise<readonly string[]> {
  const { storage, mobId } = context;
  const lost: StoredRecord[] = [];
  for (const status of ['pending', 'running']) {
    for await (const record of runRecords(storage, { mob_id: mobId, status })) lost.push(record);
  }
  if (lost.length === 0) return [];
  const waiting = await turnsThatWait(context);
  const warnings: string[] = [];
  for (const record of lost) {
    const run = parseRun(record);
    await endLost(context, record, run, waiting.get(run.runId) ?? []);
    warnings.push(
      `Run ${run.runId} of flow "${run.flowId}" was cut short when its process ended; it has failed`,
    );
  }
  return warnings;
}

async function endLost(
  { ledger, clock }: MobContext,
  { key, version }: StoredRecord,
  run: FlowRun,
  deletes: readonly DeleteWrite[],
): Promise<void> {
  const reason = 'the process that ran it ended before the run did';
  const ended: FlowRun = { ...run, status: 'failed', completedAtMs: clock.now(), reason };
  const { runId: run_id, flowId: flow_id } = run;
  await ledger.append({
    items: [{ kind: { type: 'flow_failed', run_id, flow_id, reason } }],
    beside: { puts: [{ ...putRun(key, ended), expectedVersion: version }], deletes },
  });
}

/** Requested turns that have not begun, by what they belong to. */
async function turnsThatWait({ storage, mobId }: MobContext): Promise<ReadonlyMap<string, DeleteWrite[]>> {
  const found = new Map<string, DeleteWrite[]>();
  for await (const record of listInputs(storage, { mob_id: mobId })) {
    const { kind, interactionId, startedBy } = parseInput(record);
    if (kind !== 'internal' || startedBy !== undefined) continue;
    const { key, version: expectedVersion } = record;
    const deletes = found.get(interactionId) ?? [];
    found.set(interactionId, [...deletes, { records: inputsDefinition, key, expectedVersion }]);
  }
  return found;
}
