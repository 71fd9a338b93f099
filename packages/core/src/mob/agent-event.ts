import type { HookPoint } from './hooks.js';
import type { Incarnation } from './incarnation.js';

/** Something an agent did, as its engine tells it while it happens. */
export interface AgentEventEnvelope {
  /** Unique. */
  readonly eventId: string;
  readonly mobId: string;
  /** Which life of which member. */
  readonly source: Incarnation;
  readonly fenceToken: number;
  /**
   * From 1, one more with every event of this source in the process that tells it. Events of several sources are in the order
   * of `timestampMs`, then source, then this.
   */
  readonly seq: number;
  readonly role: string;
  readonly sessionId: string;
  /** Unix time in whole milliseconds. */
  readonly timestampMs: number;
  /** The interaction the turn belongs to. Every event of a turn carries the same. */
  readonly interactionId?: string;
  readonly payload: AgentEventPayload;
}

// Payloads keep the spelling of the wire (snake_case, tagged by `type`): they are streamed and stored as they are.

/** What an agent did. Readers must let types pass that they do not know. */
export type AgentEventPayload =
  | { readonly type: 'run_started'; readonly session_id: string; readonly prompt: string }
  | { readonly type: 'turn_started'; readonly turn_number: number }
  | { readonly type: 'text_delta' | 'reasoning_delta'; readonly delta: string }
  | { readonly type: 'text_complete' | 'reasoning_complete'; readonly content: string }
  | {
      readonly type: 'server_tool_content';
      readonly id?: string;
      readonly name: string;
      readonly content: unknown;
    }
  | {
      readonly type: 'tool_call_requested';
      readonly id: string;
      readonly name: string;
      readonly args: unknown;
    }
  | { readonly type: 'tool_execution_started'; readonly id: string; readonly name: string }
  | {
      readonly type: 'tool_execution_completed';
      readonly id: string;
      readonly name: string;
      readonly is_error: boolean;
      readonly duration_ms: number;
    }
  | {
      readonly type: 'tool_execution_timed_out';
      readonly id: string;
      readonly name: string;
      readonly timeout_ms: number;
    }
  | {
      readonly type: 'tool_result_received';
      readonly id: string;
      readonly name: string;
      readonly content: string;
      readonly is_error: boolean;
    }
  | { readonly type: 'turn_completed'; readonly stop_reason: StopReason; readonly usage?: Usage }
  | {
      readonly type: 'run_completed';
      readonly session_id: string;
      readonly result: string;
      readonly usage: Usage;
      /** Whether the structured output is still to be drawn from it; one `extraction_…` follows then. */
      readonly extraction_required?: boolean;
      readonly structured_output?: unknown;
      readonly terminal_cause_kind?: TerminalCause;
    }
  | {
      readonly type: 'extraction_succeeded';
      readonly session_id: string;
      readonly structured_output: unknown;
    }
  | {
      readonly type: 'extraction_failed';
      readonly session_id: string;
      readonly last_output: string;
      readonly attempts: number;
      readonly reason: string;
    }
  | {
      readonly type: 'run_failed';
      readonly session_id: string;
      readonly error_class: AgentErrorClass;
      readonly error: string;
      readonly terminal_cause_kind?: TerminalCause;
    }
  | { readonly type: 'hook_started'; readonly hook_id: string; readonly point: HookPoint }
  | {
      readonly type: 'hook_completed';
      readonly hook_id: string;
      readonly point: HookPoint;
      readonly duration_ms: number;
    }
  | {
      readonly type: 'hook_failed';
      readonly hook_id: string;
      readonly point: HookPoint;
      readonly error: string;
    }
  | {
      readonly type: 'hook_denied';
      readonly hook_id: string;
      readonly point: HookPoint;
      readonly reason_code: string;
      readonly message: string;
    }
  | {
      readonly type: 'compaction_started';
      readonly input_tokens: number;
      readonly estimated_history_tokens: number;
      readonly message_count: number;
    }
  | {
      readonly type: 'compaction_completed';
      readonly summary_tokens: number;
      readonly messages_before: number;
      readonly messages_after: number;
    }
  | { readonly type: 'compaction_failed'; readonly error: string }
  | {
      readonly type: 'budget_warning';
      readonly budget_type: 'tokens' | 'time' | 'tool_calls';
      readonly used: number;
      readonly limit: number;
      readonly percent: number;
    }
  | {
      readonly type: 'retrying';
      readonly attempt: number;
      readonly max_attempts: number;
      readonly error: string;
      readonly delay_ms: number;
    }
  | {
      readonly type: 'skills_resolved';
      readonly skills: readonly string[];
      readonly injection_bytes: number;
    }
  // One of the two for every message from outside, by the member it was sent to, after the run that read it and what was drawn
  // from its answer; or without a run, when the message is removed or the process ended under its run. Not after a crash that
  // comes between, and not for what waits on: a stop and a shutdown leave messages where they are.
  | {
      readonly type: 'interaction_complete';
      readonly interaction_id: string;
      readonly result: string;
      readonly structured_output?: unknown;
    }
  | { readonly type: 'interaction_failed'; readonly interaction_id: string; readonly error: string }
  | {
      /** A reader was too slow: so many events are missing here. */
      readonly type: 'stream_truncated';
      readonly reason: string;
      readonly dropped: number;
    }
  | {
      /** At the start of a run, when tools of MCP servers came or went since the run before it in this process. */
      readonly type: 'tool_config_changed';
      /** The names of all it has now. */
      readonly tools: readonly string[];
    };

/** Why an answer of a model ended. */
export type StopReason =
  | 'end_turn'
  | 'tool_use'
  | 'max_tokens'
  | 'stop_sequence'
  | 'content_filter'
  | 'cancelled';

/** Tokens of one answer, or of several. */
export interface Usage {
  /** All of them, those below included. */
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Of the input tokens, those that were put into a cache of the provider. */
  readonly cache_creation_tokens?: number;
  /** Of the input tokens, those that came from one. */
  readonly cache_read_tokens?: number;
}

/** What kind of failure ended a turn, stable and spelt as on the wire. */
export type AgentErrorClass =
  | 'budget'
  | 'cancelled'
  | 'config'
  | 'content_filtered'
  | 'hook'
  | 'internal'
  | 'llm'
  | 'max_tokens'
  | 'max_turns'
  | 'store'
  | 'structured_output'
  | 'tool';

/** Why a run ended as it did, for whoever decides what to do about it. */
export type TerminalCause =
  | 'hook_denied'
  | 'hook_failure'
  | 'llm_failure'
  | 'tool_failure'
  | 'structured_output_validation_failed'
  | 'budget_exhausted'
  | 'time_budget_exceeded'
  | 'retry_exhausted'
  | 'turn_limit_reached'
  | 'fatal_failure';
