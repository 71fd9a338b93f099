import type { LlmToolDefinition } from './llm-client.js';

/** Something an agent may call. */
export interface AgentTool extends LlmToolDefinition {
  /**
   * Runs once for a call and returns text for the model. `args` is what the model sent: check it. What is thrown
   * becomes an error result that the model sees; it does not end the run. Of a text of more than 1,048,576 characters the model
   * sees the start, and that it was cut.
   */
  run(args: unknown, context: ToolContext): Promise<string>;
  /**
   * Called before anything else is looked at, also before the arguments are: throws when the caller may not make this call at
   * all, so that who may not learns nothing of what would be right. @defaultValue everybody may
   */
  admit?(args: unknown, context: ToolContext): void;
  /** A call that takes longer is an error result. @defaultValue 60000 */
  readonly timeoutMs?: number;
}

/** On whose behalf a tool runs. */
export interface ToolContext {
  readonly mobId: string;
  readonly identity: string;
  readonly sessionId: string;
  readonly interactionId?: string;
  /** Aborted when the turn is. */
  readonly signal: AbortSignal;
}
