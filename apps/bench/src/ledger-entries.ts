import type { LogDefinition, NewEntry } from '@mobkit/core';
import { type MobEventKind, structuralFields } from '@mobkit/core/mob';

export const MOB_ID = 'bench';

/** As the engine keeps it. */
export const ledgerLog = {
  kind: 'log',
  name: 'mob_ledger',
  fields: { kind: 'text', run_id: 'text', step_id: 'text', agent_identity: 'text' },
} as const satisfies LogDefinition;

/** At most so many are there at a time. */
export const MEMBERS_IN_LEDGER = 10_000;

/** A ledger of so many events: members that come, begin, are wired, take part in a run and leave again. */
export function* ledgerEntries(events: number): Iterable<NewEntry> {
  let seq = 0;
  for (const { kind, sessionId } of items()) {
    if (seq === events) return;
    seq += 1;
    yield toEntry(seq, kind, sessionId);
  }
}

function* items(): Iterable<{ readonly kind: MobEventKind; readonly sessionId?: string }> {
  yield { kind: { type: 'mob_created', definition: { id: MOB_ID, profiles: {} } } };
  for (let n = 0; ; n++) {
    const identity = `worker-${n % MEMBERS_IN_LEDGER}`;
    const generation = Math.floor(n / MEMBERS_IN_LEDGER);
    const about = { agent_identity: identity, generation, role: 'worker' };
    if (generation > 0) yield { kind: { ...about, type: 'member_retired', generation: generation - 1 } };
    yield {
      kind: {
        ...about,
        type: 'member_spawned',
        fence_token: n + 1,
        agent_runtime_id: { identity, generation },
        runtime_mode: 'autonomous_host',
        labels: { team: `team-${n % 7}` },
      },
      sessionId: `01926f3a-7c1b-7000-8000-${String(n).padStart(12, '0')}`,
    };
    for (const phase of ['pending', 'starting', 'started'] as const) {
      yield {
        kind: { type: 'member_kickoff_updated', member: identity, kickoff: { phase, updated_at_ms: n } },
      };
    }
    if (n % MEMBERS_IN_LEDGER > 0) {
      yield { kind: { type: 'members_wired', a: `worker-${(n % MEMBERS_IN_LEDGER) - 1}`, b: identity } };
    }
    const run = { run_id: `run-${n}`, step_id: 'draft', target: { identity, generation } };
    yield { kind: { ...run, type: 'step_dispatched' } };
    yield { kind: { ...run, type: 'step_target_completed' } };
  }
}

function toEntry(seq: number, kind: MobEventKind, sessionId: string | undefined): NewEntry {
  const { runId, stepId, agentIdentity } = structuralFields(kind);
  return {
    id: `entry-${seq}`,
    timestampMs: 1_760_000_000_000 + seq,
    fields: { kind: kind.type, run_id: runId, step_id: stepId, agent_identity: agentIdentity },
    data: JSON.stringify({ kind, ...(sessionId !== undefined && { session_id: sessionId }) }),
  };
}
