import type { LogDefinition, NewEntry, StoredEntry } from '@mobkit/core';
import { MobError } from '@mobkit/core';
import { type MobEvent, type MobEventKind, structuralFields } from '@mobkit/core/mob';

/** Where structural events are kept, a partition for each mob. */
export const ledgerDefinition = {
  kind: 'log',
  name: 'mob_ledger',
  fields: { kind: 'text', run_id: 'text', step_id: 'text', agent_identity: 'text' },
} as const satisfies LogDefinition;

/** What one entry says. */
export interface LedgerItem {
  readonly kind: MobEventKind;
  /** Of a `member_spawned`: the session it began. Kept beside the event, never shown in it. */
  readonly sessionId?: string;
}

export function toLedgerEntry({ kind, sessionId }: LedgerItem, id: string, timestampMs: number): NewEntry {
  const { runId, stepId, agentIdentity } = structuralFields(kind);
  return {
    id,
    timestampMs,
    fields: { kind: kind.type, run_id: runId, step_id: stepId, agent_identity: agentIdentity },
    data: JSON.stringify({ kind, ...(sessionId !== undefined && { session_id: sessionId }) }),
  };
}

export function toLedgerItem(entry: StoredEntry): LedgerItem {
  const { kind, session_id: sessionId } = parse(entry);
  return { kind, ...(sessionId !== undefined && { sessionId }) };
}

export function toMobEvent(mobId: string, entry: StoredEntry): MobEvent {
  return { cursor: entry.seq, mobId, timestampMs: entry.timestampMs, kind: parse(entry).kind };
}

function parse({ seq, data }: StoredEntry): { readonly kind: MobEventKind; readonly session_id?: string } {
  try {
    return JSON.parse(data);
  } catch (cause) {
    throw new MobError('MOB_LEDGER_INVALID', `Ledger entry ${seq} is not JSON`, {
      cause,
      details: { cursor: seq },
    });
  }
}
