import type { MobDefinition, RuntimeMode } from './definition.js';
import type { Incarnation } from './incarnation.js';
import type { KickoffPhase } from './member.js';

/** An entry of a mob's ledger: something about the shape of the mob, or of a run, that happened. */
export interface MobEvent {
  /** Its place in the ledger of its mob: dense from 1, never reused. */
  readonly cursor: number;
  readonly mobId: string;
  /** Unix time in whole milliseconds. */
  readonly timestampMs: number;
  readonly kind: MobEventKind;
}

// Kinds keep the spelling of the wire (snake_case, tagged by `type`): the same object is stored, asked for in SQL and
// sent as the `data` of a structural event.

/** What happened. Readers must let kinds pass that they do not know. */
export type MobEventKind =
  | { readonly type: 'mob_created'; readonly definition: MobDefinition }
  | { readonly type: 'mob_completed' }
  | { readonly type: 'mob_destroying' }
  | { readonly type: 'mob_destroy_storage_finalizing' }
  | { readonly type: 'mob_reset' }
  | MemberSpawned
  | {
      readonly type: 'member_retired';
      readonly agent_identity: string;
      readonly generation: number;
      readonly role: string;
    }
  | {
      readonly type: 'member_reset';
      readonly agent_identity: string;
      readonly previous_generation: number;
      readonly new_generation: number;
      readonly fence_token: number;
      readonly agent_runtime_id: Incarnation;
    }
  | {
      readonly type: 'member_kickoff_updated';
      readonly member: string;
      readonly kickoff: {
        readonly phase: KickoffPhase;
        readonly error?: string;
        /** Unix time in whole milliseconds. */
        readonly updated_at_ms: number;
      };
    }
  | { readonly type: 'members_wired'; readonly a: string; readonly b: string }
  | { readonly type: 'members_unwired'; readonly a: string; readonly b: string }
  | {
      readonly type: 'members_wired_batch';
      readonly edges: readonly { readonly a: string; readonly b: string }[];
    }
  | {
      readonly type: 'external_peer_wired';
      readonly local: string;
      readonly spec: {
        readonly peer_id: string;
        readonly name: string;
        readonly address: string;
        readonly pubkey: readonly number[];
      };
    }
  | { readonly type: 'external_peer_unwired'; readonly local: string; readonly peer_name: string }
  | {
      readonly type: 'flow_started';
      readonly run_id: string;
      readonly flow_id: string;
      readonly params: unknown;
    }
  | {
      readonly type: 'flow_completed';
      readonly run_id: string;
      readonly flow_id: string;
      readonly structured_output?: unknown;
    }
  | {
      readonly type: 'flow_failed';
      readonly run_id: string;
      readonly flow_id: string;
      readonly reason: string;
    }
  | { readonly type: 'flow_canceled'; readonly run_id: string; readonly flow_id: string }
  | {
      readonly type: 'step_dispatched' | 'step_target_completed';
      readonly run_id: string;
      readonly step_id: string;
      readonly target: Incarnation;
    }
  | {
      readonly type: 'step_target_failed';
      readonly run_id: string;
      readonly step_id: string;
      readonly target: Incarnation;
      readonly reason: string;
      readonly error_report?: unknown;
      readonly error?: string;
    }
  | { readonly type: 'step_completed'; readonly run_id: string; readonly step_id: string }
  | {
      readonly type: 'step_failed' | 'step_skipped';
      readonly run_id: string;
      readonly step_id: string;
      readonly reason: string;
    }
  | { readonly type: 'topology_violation'; readonly from_role: string; readonly to_role: string }
  | {
      readonly type: 'supervisor_escalation';
      readonly run_id: string;
      readonly step_id: string;
      readonly escalated_to: string;
    }
  | {
      readonly type: 'operator_action_recorded';
      readonly tool_name: string;
      readonly principal_token: string;
      readonly caller_provenance?: unknown;
      readonly audit_invocation_id?: string;
    };

/** The ledger's entry that a member has come into being, spelt as on the wire. */
export interface MemberSpawned {
  readonly type: 'member_spawned';
  readonly agent_identity: string;
  readonly generation: number;
  readonly fence_token: number;
  readonly agent_runtime_id: Incarnation;
  readonly role: string;
  readonly runtime_mode: RuntimeMode;
  /** Absent when there are none. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What structural events are found by, taken from the kind. */
export interface StructuralFields {
  readonly runId?: string;
  readonly stepId?: string;
  /** The member it is about: the target of a step by its name, not by its incarnation. */
  readonly agentIdentity?: string;
}

/**
 * Takes from a kind what structural events are found by; nothing from a kind it does not know. Written to the ledger's
 * fields, so that filters run in the store.
 */
export function structuralFields(kind: MobEventKind): StructuralFields {
  switch (kind.type) {
    case 'flow_started':
    case 'flow_completed':
    case 'flow_failed':
    case 'flow_canceled':
      return { runId: kind.run_id };
    case 'step_dispatched':
    case 'step_target_completed':
    case 'step_target_failed':
      return { runId: kind.run_id, stepId: kind.step_id, agentIdentity: kind.target.identity };
    case 'step_completed':
    case 'step_failed':
    case 'step_skipped':
      return { runId: kind.run_id, stepId: kind.step_id };
    case 'supervisor_escalation':
      return { runId: kind.run_id, stepId: kind.step_id, agentIdentity: kind.escalated_to };
    case 'member_spawned':
    case 'member_retired':
    case 'member_reset':
      return { agentIdentity: kind.agent_identity };
    case 'member_kickoff_updated':
      return { agentIdentity: kind.member };
    case 'external_peer_wired':
    case 'external_peer_unwired':
      return { agentIdentity: kind.local };
    default:
      return {};
  }
}

/**
 * Everybody a kind is about, by identity: whom `structuralFields` names, and both ends of wires between members. Nobody for a
 * kind it does not know.
 */
export function structuralParties(kind: MobEventKind): readonly string[] {
  switch (kind.type) {
    case 'members_wired':
    case 'members_unwired':
      return [kind.a, kind.b];
    case 'members_wired_batch':
      return [...new Set(kind.edges.flatMap(({ a, b }) => [a, b]))];
    default: {
      const { agentIdentity } = structuralFields(kind);
      return agentIdentity === undefined ? [] : [agentIdentity];
    }
  }
}
