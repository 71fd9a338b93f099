import { type Clock, errorText, MobError } from '@mobkit/core';
import {
  type AgentErrorClass,
  type AgentEventPayload,
  type AgentTool,
  type Content,
  type HookPoint,
  type LlmMessage,
  type LlmToolCall,
  type LlmToolDefinition,
  type StopReason,
  type TerminalCause,
  textOf,
  type ToolAccess,
  type ToolContext,
} from '@mobkit/core/mob';

import { addUsage } from './add-usage.js';
import { ModelFailure } from './ask-again.js';
import type { Answer } from './ask-model.js';
import { type Budget, NOTHING_USED, type Use } from './budget.js';
import { compactedView, type Compaction, type Compactor } from './compaction.js';
import type { HookRunner } from './hook-runner.js';
import type { Model } from './model.js';
import { type ParkedTurn, PutAside, type TurnGate } from './parked-turn.js';
import { runTools } from './run-tools.js';

/** Calls of the model within one run. */
export const TURN_LIMIT = 100;

export interface RunAgentOptions {
  readonly model: Model;
  readonly systemPrompt: string;
  /** Names of the skills in it, for whoever follows the run. */
  readonly skills: { readonly names: readonly string[]; readonly bytes: number };
  /** What was said before, oldest first. */
  readonly history: readonly LlmMessage[];
  /** To be read before the prompt. */
  readonly notice?: string | undefined;
  readonly prompt: Content;
  readonly tools: ReadonlyMap<string, AgentTool>;
  /** Names of all tools, when they are not those of the run before. */
  readonly changedTools: readonly string[] | undefined;
  readonly access: ToolAccess;
  readonly budget: Budget;
  readonly compactor: Compactor;
  /** Absent when the host has none. */
  readonly hooks: HookRunner | undefined;
  /** Whether the answer is drawn into something once the run is over. */
  readonly extracts: boolean;
  readonly context: ToolContext;
  readonly clock: Clock;
  readonly emit: (payload: AgentEventPayload) => void;
  /** What came meanwhile and is to be read before the next turn. Asked at the end of every turn. */
  readonly takeSteers: () => readonly Content[];
  /** Whether the run is to end at the end of this turn. */
  readonly isCancelled: () => boolean;
  /** Decides about calls that may not be made just so; absent: all may. */
  readonly gate?: TurnGate | undefined;
  /** Where to go on: the run had been put aside. */
  readonly resumed?: { readonly messages: readonly LlmMessage[]; readonly turn: ParkedTurn } | undefined;
  /** Keeps what was said until now, before the next turn. @throws when it could not; the run fails. */
  readonly keepStep: (soFar: RunSoFar) => Promise<void>;
}

/** What is known of a run before it is over. */
export interface RunSoFar {
  /** What was said in it, without a turn that did not come to its end. Only grows. */
  readonly messages: readonly LlmMessage[];
  readonly use: Use;
  /** What stands for the start of the whole conversation. */
  readonly compaction?: Compaction;
}

/** How a run ended. */
export interface RunResult extends RunSoFar {
  /** Its last event, for the caller to tell when the rest is kept. */
  readonly end: RunEnd;
}

export type RunEnd = Extract<AgentEventPayload, { type: 'run_completed' | 'run_failed' }>;

/**
 * Works on one message, turn by turn, until the model calls no tool. Undefined when it was put aside. Never rejects: what goes
 * wrong is its end.
 */
export function runAgent(options: RunAgentOptions): Promise<RunResult | undefined> {
  return new Run(options).carryOut();
}

class Run {
  readonly #options: RunAgentOptions;
  readonly #definitions: readonly LlmToolDefinition[];
  readonly #messages: LlmMessage[];
  /** Time it spent waiting for somebody does not count. */
  #startedMs: number;
  #usage = NOTHING_USED.usage;
  #toolCalls = 0;
  #inTurn = false;

  constructor(options: RunAgentOptions) {
    this.#options = options;
    const { notice, prompt, resumed } = options;
    const read = notice === undefined ? [prompt] : [notice, prompt];
    this.#messages = resumed ? [...resumed.messages] : read.map((content) => ({ role: 'user', content }));
    this.#definitions = [...options.tools.values()].map(toDefinition);
    this.#startedMs = options.clock.now();
    if (!resumed) return;
    const { usage, durationMs, toolCalls } = resumed.turn.use;
    this.#usage = usage;
    this.#toolCalls = toolCalls;
    this.#startedMs -= durationMs;
  }

  async carryOut(): Promise<RunResult | undefined> {
    const { context, extracts, hooks, emit, resumed } = this.#options;
    const { sessionId, signal } = context;
    if (!resumed) this.#tellBegin();
    let end: RunEnd;
    try {
      if (hooks && !resumed) {
        await this.#hook(hooks, 'run_started', () => ({ prompt: this.#options.prompt }));
      }
      const result = await this.#turns();
      if (hooks) await this.#hook(hooks, 'run_completed', () => ({ result }));
      const about = { session_id: sessionId, result, usage: this.#usage };
      end = { type: 'run_completed', ...about, ...(extracts && { extraction_required: true }) };
    } catch (error) {
      if (error instanceof PutAside) return undefined;
      if (signal.aborted && this.#inTurn) emit({ type: 'turn_completed', stop_reason: 'cancelled' });
      const { errorClass, message, cause } = this.#failure(error);
      const about = { session_id: sessionId, error_class: errorClass, error: message };
      end = { type: 'run_failed', ...about, ...(cause && { terminal_cause_kind: cause }) };
      // It is over: nobody can deny that any more.
      await hooks?.run('run_failed', () => ({ error_class: errorClass, error: message }));
    }
    return { ...this.#soFar(), end };
  }

  #tellBegin(): void {
    const { context, emit, prompt, skills, changedTools } = this.#options;
    emit({ type: 'run_started', session_id: context.sessionId, prompt: textOf(prompt) });
    if (skills.names.length > 0) {
      emit({ type: 'skills_resolved', skills: skills.names, injection_bytes: skills.bytes });
    }
    if (changedTools) emit({ type: 'tool_config_changed', tools: changedTools });
  }

  /** Answers the text of the last turn. @throws why there is none; PutAside. */
  async #turns(): Promise<string> {
    const { context, isCancelled, takeSteers, hooks, compactor, history, resumed } = this.#options;
    for (let turn = resumed?.turn.turn ?? 0; turn < TURN_LIMIT; turn += 1) {
      context.signal.throwIfAborted();
      const parked = resumed?.turn.turn === turn ? resumed.turn : undefined;
      if (!parked) {
        this.#checkBudget();
        if (compactor.isDue(() => [...history, ...this.#messages])) await this.#compact();
      }
      const answer = await (parked ? this.#goOn(parked) : this.#turn(turn));
      if (hooks) await this.#hook(hooks, 'turn_boundary', () => ({ turn_number: turn }));
      const steers = takeSteers();
      for (const content of steers) this.#messages.push({ role: 'user', content });
      if (answer.calls.length === 0 && steers.length === 0) {
        // What it used up is told, and is the next run's concern.
        this.#options.budget.check(this.#use());
        return answer.text;
      }
      await this.#keepStep();
      if (isCancelled()) throw new RunFailure('cancelled', 'The turn was cancelled');
    }
    throw new RunFailure('max_turns', `The run took more than ${TURN_LIMIT} turns`, 'turn_limit_reached');
  }

  async #keepStep(): Promise<void> {
    try {
      await this.#options.keepStep(this.#soFar());
    } catch (error) {
      throw new RunFailure('store', `A step of the run could not be kept: ${errorText(error)}`);
    }
  }

  /** The rest of a turn that was put aside while calls of it waited. */
  async #goOn(parked: ParkedTurn): Promise<Answer> {
    const { text, calls } = parked;
    this.#inTurn = true;
    const results = await this.#runTools(parked.turn, text, calls, parked.results);
    const answer: Answer = { text, calls, stopReason: 'tool_use' };
    this.#endTurn(answer, results);
    return answer;
  }

  async #runTools(
    turn: number,
    text: string,
    calls: readonly LlmToolCall[],
    done?: ParkedTurn['results'],
  ): Promise<readonly LlmMessage[]> {
    const { tools, access, hooks, context, clock, emit, gate } = this.#options;
    const callGate = gate && {
      isGated: (tool: string) => gate.isGated(tool),
      decide: async (results: ParkedTurn['results']) => {
        const askedMs = clock.now();
        const verdicts = await gate.decide({ turn, text, calls, results, use: this.#use() }, this.#messages);
        this.#startedMs += Math.max(clock.now() - askedMs, 0);
        return verdicts;
      },
    };
    return runTools({ calls, tools, access, hooks, context, clock, emit, done, gate: callGate });
  }

  /** Takes what was said in a turn to what was said in the run. */
  #endTurn({ text, calls, stopReason: given, usage }: Answer, results: readonly LlmMessage[]): void {
    const { emit, isCancelled } = this.#options;
    const toolCalls = calls.length > 0 && { toolCalls: calls };
    this.#messages.push({ role: 'assistant', content: text, ...toolCalls }, ...results);
    this.#toolCalls += calls.length;
    this.#inTurn = false;
    const stopReason = calls.length > 0 && isCancelled() ? 'cancelled' : given;
    emit({ type: 'turn_completed', stop_reason: stopReason, ...(usage && { usage }) });
  }

  async #turn(turn: number): Promise<Answer> {
    const { hooks, emit, compactor, model } = this.#options;
    emit({ type: 'turn_started', turn_number: turn });
    this.#inTurn = true;
    const messages = this.#view();
    const last = messages.at(-1);
    const about = { turn_number: turn, model: model.name, message_count: messages.length };
    if (hooks) await this.#hook(hooks, 'pre_llm_request', () => ({ ...about, last_message: last }));
    const answer = await model.ask({ messages, tools: this.#definitions });
    compactor.countTurn(answer.usage);
    const { text, calls, usage } = answer;
    if (usage) this.#usage = addUsage(this.#usage, usage);
    if (hooks) {
      await this.#hook(hooks, 'post_llm_response', () => ({ text, calls, stop_reason: answer.stopReason }));
    }
    const refusal = REFUSALS[answer.stopReason];
    if (!refusal) {
      this.#endTurn(answer, calls.length > 0 ? await this.#runTools(turn, text, calls) : []);
      return answer;
    }
    if (text !== '') this.#messages.push({ role: 'assistant', content: text });
    this.#inTurn = false;
    const stopReason = calls.length > 0 && this.#options.isCancelled() ? 'cancelled' : answer.stopReason;
    emit({ type: 'turn_completed', stop_reason: stopReason, ...(usage && { usage }) });
    throw refusal();
  }

  #view(): readonly LlmMessage[] {
    const { systemPrompt, history, compactor } = this.#options;
    const system: LlmMessage = { role: 'system', content: systemPrompt };
    const { compaction } = compactor;
    if (!compaction) return [system, ...history, ...this.#messages];
    return [system, ...compactedView([...history, ...this.#messages], compaction)];
  }

  async #compact(): Promise<void> {
    const { compactor, history, model, emit } = this.#options;
    const usage = await compactor.compact([...history, ...this.#messages], {
      emit,
      ask: (messages, maxTokens) => model.ask({ messages, tools: [], maxTokens }, { quiet: true }),
    });
    this.#options.context.signal.throwIfAborted();
    if (usage) this.#usage = addUsage(this.#usage, usage);
  }

  /** @throws RunFailure when a guardrail denies. */
  async #hook(hooks: HookRunner, point: HookPoint, payload: () => unknown): Promise<void> {
    const denial = await hooks.run(point, payload);
    if (denial) throw new RunFailure('hook', denial.message, denial.cause);
  }

  #soFar(): RunSoFar {
    const { compaction } = this.#options.compactor;
    return { messages: this.#messages, use: this.#use(), ...(compaction && { compaction }) };
  }

  #use(): Use {
    const durationMs = Math.max(this.#options.clock.now() - this.#startedMs, 0);
    return { usage: this.#usage, durationMs, toolCalls: this.#toolCalls };
  }

  #checkBudget(): void {
    const over = this.#options.budget.check(this.#use());
    if (over) throw new RunFailure(over.errorClass, over.error, over.cause);
  }

  #failure(error: unknown): Pick<RunFailure, 'errorClass' | 'message' | 'cause'> {
    const { signal } = this.#options.context;
    if (signal.aborted) return new RunFailure('cancelled', errorText(signal.reason));
    if (error instanceof RunFailure) return error;
    if (!(error instanceof ModelFailure))
      return new RunFailure('internal', errorText(error), 'fatal_failure');
    const { cause, terminalCause } = error;
    const filtered = cause instanceof MobError && cause.details['kind'] === 'content_filtered';
    return new RunFailure(filtered ? 'content_filtered' : 'llm', errorText(cause), terminalCause);
  }
}

function toDefinition({ name, description, inputSchema }: AgentTool): LlmToolDefinition {
  return { name, description, inputSchema };
}

/** A run that ends without its answer. */
class RunFailure extends Error {
  readonly errorClass: AgentErrorClass;
  override readonly cause: TerminalCause | undefined;

  constructor(errorClass: AgentErrorClass, message: string, cause?: TerminalCause) {
    super(message);
    this.errorClass = errorClass;
    this.cause = cause;
  }
}

/** Answers that end a run although the model was reached. What they call may be cut, so it is not run. */
const REFUSALS: Partial<Record<StopReason, () => RunFailure>> = {
  max_tokens: () => new RunFailure('max_tokens', 'The answer was cut at its limit of tokens', 'llm_failure'),
  content_filter: () =>
    new RunFailure('content_filtered', 'The provider withheld the answer for what it says', 'llm_failure'),
  cancelled: () => new RunFailure('cancelled', 'The provider cancelled the answer', 'llm_failure'),
};
