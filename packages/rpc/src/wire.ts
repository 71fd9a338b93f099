import type {
  ArchiveCompactionStatus,
  ArchiveStatus,
  DeadLetter,
  IngestStats,
  MobErrorCode,
  MobErrorDetails,
  PersistedEvent,
  UnifiedEvent,
} from '@mobkit/core';
import type { FlowDefinition, FlowRun, MemberDetails, MemberSnapshot } from '@mobkit/core/mob';
import type { StructuralEvent } from '@mobkit/runtime';

// camelCase here, snake_case on the wire: what goes out is translated in this file, what comes in in `event-queries.ts`.

/** An event of an agent or a module, spelt as on the wire. */
export type WireUnifiedEvent =
  | {
      readonly kind: 'agent';
      readonly agent_id: string;
      readonly event_type: string;
      readonly payload?: unknown;
    }
  | {
      readonly kind: 'module';
      readonly module: string;
      readonly event_type: string;
      readonly payload: unknown;
    };

/** An entry of the event log as clients read it. */
export interface WirePersistedEvent {
  readonly id: string;
  readonly seq: number;
  readonly timestamp_ms: number;
  /** The incarnation, e.g. `worker-1:0`; null for events of modules. */
  readonly member_id: string | null;
  readonly identity?: string;
  readonly mob_id?: string;
  readonly run_id?: string;
  readonly step_id?: string;
  readonly interaction_id?: string;
  readonly stream?: { readonly epoch: number; readonly n: number; readonly agent_n: number };
  readonly event: WireUnifiedEvent;
}

/** A kept event, spelt as on the wire. What is absent stays absent. */
export function toWireEvent(kept: PersistedEvent): WirePersistedEvent {
  const { identity, mobId, runId, stepId, interactionId, stream } = kept;
  return {
    id: kept.id,
    seq: kept.seq,
    timestamp_ms: kept.timestampMs,
    member_id: kept.memberId ?? null,
    ...(identity !== undefined && { identity }),
    ...(mobId !== undefined && { mob_id: mobId }),
    ...(runId !== undefined && { run_id: runId }),
    ...(stepId !== undefined && { step_id: stepId }),
    ...(interactionId !== undefined && { interaction_id: interactionId }),
    ...(stream && { stream: { epoch: stream.epoch, n: stream.n, agent_n: stream.agentN } }),
    event: toWireUnifiedEvent(kept.event),
  };
}

export function toWireUnifiedEvent(event: UnifiedEvent): WireUnifiedEvent {
  const { eventType: event_type, payload } = event;
  if (event.kind === 'module') return { kind: 'module', module: event.module, event_type, payload };
  return { kind: 'agent', agent_id: event.agentId, event_type, ...(payload !== undefined && { payload }) };
}

/** An event that the log refused, as clients read it. */
export interface WireDeadLetter {
  readonly key: string;
  /** Absent when the event had no id that is text. */
  readonly event_id?: string;
  readonly refused_at_ms: number;
  readonly error: string;
  /** The event as text: JSON, or as close to it as could be written. */
  readonly event: string;
}

/** A refused event, spelt as on the wire. */
export function toWireDeadLetter({ key, eventId, refusedAtMs, error, event }: DeadLetter): WireDeadLetter {
  return {
    key,
    ...(eventId !== undefined && { event_id: eventId }),
    refused_at_ms: refusedAtMs,
    error,
    event,
  };
}

/** A member as clients read it. */
export interface WireMember {
  readonly agent_identity: string;
  readonly role: string;
  readonly state: 'Active' | 'Retiring' | 'Broken';
  readonly wired_to: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly generation: number;
  readonly runtime_mode: string;
  readonly kickoff?: string;
  /** Why it is broken. */
  readonly error?: string;
}

const memberStates = { active: 'Active', retiring: 'Retiring', broken: 'Broken' } as const;

/** A member, spelt as on the wire. */
export function toWireMember(member: MemberSnapshot): WireMember {
  const { kickoff, error } = member;
  return {
    agent_identity: member.identity,
    role: member.role,
    state: memberStates[member.status],
    wired_to: member.wiredTo,
    labels: member.labels,
    generation: member.generation,
    runtime_mode: member.runtimeMode,
    ...(kickoff !== undefined && { kickoff }),
    ...(error !== undefined && { error }),
  };
}

/** What is known of a member beyond the roster, as clients read it. */
export function toWireMemberDetails(details: MemberDetails) {
  const { running, waiting, tokensUsed, outputPreview, sessionId, model, lastError, externalPeers } = details;
  return {
    ...toWireMember(details),
    status: details.status,
    running,
    waiting,
    tokens_used: tokensUsed,
    current_session_id: sessionId,
    ...(model !== undefined && { model }),
    ...(externalPeers && {
      external_peers: externalPeers.map(({ peerId, name, address }) => ({ peer_id: peerId, name, address })),
    }),
    ...(outputPreview !== undefined && { output_preview: outputPreview }),
    ...(lastError !== undefined && { last_error: lastError }),
  };
}

/** A structural event as clients read it. */
export interface WireStructuralEvent {
  readonly event_id: string;
  readonly cursor: number;
  readonly mob_id: string;
  readonly timestamp_ms: number;
  readonly kind: string;
  readonly run_id?: string;
  readonly step_id?: string;
  readonly agent_identity?: string;
  readonly mob_labels: Readonly<Record<string, string>>;
  readonly run_labels: Readonly<Record<string, string>>;
  readonly data: unknown;
}

/** A structural event, spelt as on the wire. */
export function toWireStructuralEvent(event: StructuralEvent): WireStructuralEvent {
  const { runId, stepId, agentIdentity } = event;
  return {
    event_id: event.eventId,
    cursor: event.cursor,
    mob_id: event.mobId,
    timestamp_ms: event.timestampMs,
    kind: event.kind,
    ...(runId !== undefined && { run_id: runId }),
    ...(stepId !== undefined && { step_id: stepId }),
    ...(agentIdentity !== undefined && { agent_identity: agentIdentity }),
    mob_labels: event.mobLabels,
    run_labels: event.runLabels,
    data: event.data,
  };
}

export function toWireIngest({ dropped, failing, ...counts }: IngestStats) {
  const { accepted, recovered, persisted, duplicate, filtered, spilled, buffered } = counts;
  return {
    accepted,
    recovered,
    persisted,
    duplicate,
    filtered,
    spilled,
    buffered,
    dropped: { ...dropped },
    ...(failing && { failing: { since_ms: failing.sinceMs, error: failing.error } }),
  };
}

/** How the archive of the event log goes, as clients read it. */
export interface WireArchive {
  readonly archived_to?: number;
  readonly last_seq?: number;
  readonly behind_events?: number;
  readonly behind_ms?: number;
  readonly refused: number;
  readonly failing?: WireFailing;
  /** The removal of what counts no more: when it was last done, and what went. */
  readonly compaction?: {
    readonly at_ms?: number;
    readonly removed?: number;
    readonly failing?: WireFailing;
  };
}

interface WireFailing {
  readonly since_ms: number;
  readonly error: string;
}

/** How the archive goes, spelt as on the wire. What is unknown is absent. */
export function toWireArchive(status: ArchiveStatus): WireArchive {
  const { archivedTo, lastSeq, behind, behindMs, refused, failing, compaction } = status;
  return {
    ...(archivedTo !== undefined && { archived_to: archivedTo }),
    ...(lastSeq !== undefined && { last_seq: lastSeq }),
    ...(behind !== undefined && { behind_events: behind }),
    ...(behindMs !== undefined && { behind_ms: behindMs }),
    refused,
    ...(failing && { failing: toWireFailing(failing) }),
    ...(compaction && { compaction: toWireCompaction(compaction) }),
  };
}

function toWireCompaction({ atMs, removed, failing }: ArchiveCompactionStatus) {
  return {
    ...(atMs !== undefined && { at_ms: atMs }),
    ...(removed !== undefined && { removed }),
    ...(failing && { failing: toWireFailing(failing) }),
  };
}

function toWireFailing({ sinceMs, error }: NonNullable<ArchiveStatus['failing']>): WireFailing {
  return { since_ms: sinceMs, error };
}

/** Details of an error under the names of the wire; a stale cursor's under those its readers know. */
export function toWireDetails(
  code: MobErrorCode,
  details: MobErrorDetails,
): Readonly<Record<string, unknown>> {
  if (code === 'MOB_CURSOR_STALE') {
    return {
      error: 'event_query_stale',
      after_cursor: details['afterSeq'],
      latest_cursor: details['lastSeq'],
      ...(details['firstSeq'] !== undefined && { first_cursor: details['firstSeq'] }),
    };
  }
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [toSnakeCase(name), value]));
}

function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A flow as clients read it. */
export function toWireFlow(flowId: string, { description, steps }: FlowDefinition) {
  return {
    flow_id: flowId,
    ...(description !== undefined && { description }),
    steps: Object.entries(steps).map(([stepId, { role }]) => ({ step_id: stepId, role })),
  };
}

/** Stands for the step itself, in a row that is of no member. */
const STEP_ITSELF = '__flow_system_member__';

/** A run of a flow as clients read it. */
export type WireRun = ReturnType<typeof toWireRun>;

/** A run of a flow, spelt as on the wire. */
export function toWireRun(run: FlowRun) {
  return {
    run_id: run.runId,
    mob_id: run.mobId,
    flow_id: run.flowId,
    status: run.status,
    activation_params: run.params ?? null,
    created_at_ms: run.createdAtMs,
    ...(run.completedAtMs !== undefined && { completed_at_ms: run.completedAtMs }),
    ...(run.reason !== undefined && { reason: run.reason }),
    step_ledger: run.steps.map(({ stepId, target, status, output, reason, timestampMs }) => ({
      step_id: stepId,
      agent_identity: target?.identity ?? STEP_ITSELF,
      ...(target && { generation: target.generation }),
      status,
      ...(output !== undefined && { output }),
      ...(reason !== undefined && { reason }),
      timestamp_ms: timestampMs,
    })),
    failure_ledger: run.failures.map(({ stepId, reason, timestampMs }) => ({
      step_id: stepId,
      reason,
      timestamp_ms: timestampMs,
    })),
    root_step_outputs: run.outputs,
    loop_iteration_outputs: run.loopOutputs,
  };
}
