import type { Incarnation } from './member.js';

/** Something an agent did, as its engine tells it while it happens. */
export interface AgentEventEnvelope {
  /** Unique. */
  readonly eventId: string;
  readonly mobId: string;
  /** Which life of which member. */
  readonly source: Incarnation;
  readonly fenceToken: number;
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
  | { readonly type: 'text_complete'; readonly content: string }
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
      readonly terminal_cause_kind?: string;
    }
  | {
      readonly type: 'run_failed';
      readonly session_id: string;
      readonly error_class: AgentErrorClass;
      readonly error: string;
      readonly terminal_cause_kind?: string;
    };

export type StopReason =
  | 'end_turn'
  | 'tool_use'
  | 'max_tokens'
  | 'stop_sequence'
  | 'content_filter'
  | 'cancelled';

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
}

export type AgentErrorClass = 'cancelled' | 'internal' | 'llm' | 'max_turns' | 'store' | 'tool';
