import type { StopReason, Usage } from './agent-event.js';
import type { Content } from './content.js';

/** A way to reach models. */
export interface LlmClient {
  /** Who answers, e.g. `openai`; shown to operators. */
  readonly provider: string;
  /**
   * Asks for one answer and streams it. The stream ends with exactly one `done`; one that ends without is an incomplete
   * answer, which the caller treats as a failure. Aborting `request.signal` ends it soon, by an error.
   *
   * @throws MobError `MOB_LLM_FAILED`: `retryable` when the same request may succeed later (rate limit, overload, network, 5xx),
   * then with `details.retryAfterMs` where the provider said so; `details.kind` names what it was where it is known, e.g.
   * `rate_limited`, `auth`, `context_length`, `content_filtered`, `model_not_found`.
   */
  stream(request: LlmRequest): AsyncIterable<LlmEvent>;
  /** Resolves when the provider would answer. For hosts that ask before they start; the engine asks a model only for runs. @throws MobError `MOB_LLM_FAILED` when it would not. */
  healthCheck(): Promise<void>;
}

/** Offers the models of one provider to the engine. Of several that support a model, the last registered is asked. */
export interface LlmProvider {
  readonly client: LlmClient;
  supports(model: string): boolean;
  /**
   * Whether the name is one of its own. For a provider that also answers in place of others: who asked for a name it
   * supports and does not know is warned. @defaultValue as `supports`
   */
  knows?(model: string): boolean;
}

/** One question to a model: everything it is to know is in it. */
export interface LlmRequest {
  readonly model: string;
  /** Oldest first; a `system` message only as the first. */
  readonly messages: readonly LlmMessage[];
  readonly tools: readonly LlmToolDefinition[];
  /** Who asks: for logs and for models that play a part. Never sent to a provider. */
  readonly agent: { readonly mobId: string; readonly identity: string; readonly role: string };
  readonly signal?: AbortSignal;
  /** Tokens of the answer at most. @defaultValue the provider's */
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly stopSequences?: readonly string[];
  /** What the profile says to this provider, e.g. `{ openai: { reasoningEffort: 'low' } }`. */
  readonly providerParams?: Readonly<Record<string, unknown>>;
  /** The answer is to be JSON of this schema. A provider that cannot promise it ignores it: check the answer. */
  readonly outputSchema?: Readonly<Record<string, unknown>>;
}

/** A message of a transcript, independent of the provider that reads it. */
export type LlmMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: Content }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly LlmToolCall[] }
  | {
      readonly role: 'tool';
      readonly toolCallId: string;
      readonly name: string;
      readonly content: string;
      readonly isError: boolean;
    };

/** A tool that a model asked to be called. */
export interface LlmToolCall {
  /** Unique in its answer. */
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly args: unknown;
  /** What the provider wants back with the call, e.g. its signature. JSON, kept with the transcript, read by nobody else. */
  readonly providerState?: Readonly<Record<string, unknown>>;
}

/** A tool that a model may ask for. */
export interface LlmToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** A part of an answer, in the order in which it arrives. `done` is the last, and comes once. */
export type LlmEvent =
  | { readonly type: 'text_delta'; readonly delta: string }
  | { readonly type: 'reasoning_delta'; readonly delta: string }
  /** Something the provider's own tools did. */
  | {
      readonly type: 'server_tool_content';
      readonly id?: string;
      readonly name: string;
      readonly content: unknown;
    }
  | { readonly type: 'tool_call_complete'; readonly call: LlmToolCall }
  | { readonly type: 'usage_update'; readonly usage: Usage }
  | { readonly type: 'done'; readonly stopReason: StopReason };
