import { type Clock, errorText, MobError } from '@mobkit/core';
import {
  type AgentErrorClass,
  type AgentEventPayload,
  type AgentTool,
  type Content,
  type LlmClient,
  type LlmMessage,
  type LlmRequest,
  type TerminalCause,
  textOf,
  type ToolContext,
  type Usage,
} from '@mobkit/core/mob';

import { addUsage } from '../members/session.js';
import { type Answer, askModel } from './ask-model.js';
import { runTools } from './run-tools.js';

/** Calls of the model within one run. */
export const TURN_LIMIT = 100;

export interface RunAgentOptions {
  /** Undefined when no provider supports the model: the run fails. */
  readonly client: () => LlmClient | undefined;
  readonly model: string;
  readonly agent: LlmRequest['agent'];
  readonly systemPrompt: string;
  /** What was said before, oldest first. */
  readonly history: readonly LlmMessage[];
  readonly prompt: Content;
  readonly tools: ReadonlyMap<string, AgentTool>;
  readonly context: ToolContext;
  readonly clock: Clock;
  readonly emit: (payload: AgentEventPayload) => void;
}

/** How a run ended. */
export interface RunResult {
  /** What was said in it, without a turn that did not come to its end. */
  readonly messages: readonly LlmMessage[];
  readonly usage: Usage;
  /** Its last event, for the caller to tell when the rest is kept. */
  readonly end: RunEnd;
}

export type RunEnd = Extract<AgentEventPayload, { type: 'run_completed' | 'run_failed' }>;

/** Works on one message, turn by turn, until the model calls no tool. Never rejects: what goes wrong is its end. */
export async function runAgent(options: RunAgentOptions): Promise<RunResult> {
  const { context, emit, prompt } = options;
  const { sessionId, signal } = context;
  const messages: LlmMessage[] = [{ role: 'user', content: prompt }];
  let usage: Usage = { input_tokens: 0, output_tokens: 0 };
  const fail = (errorClass: AgentErrorClass, error: string, cause?: TerminalCause): RunResult => {
    const about = { session_id: sessionId, error_class: errorClass, error };
    return {
      messages,
      usage,
      end: { type: 'run_failed', ...about, ...(cause && { terminal_cause_kind: cause }) },
    };
  };

  emit({ type: 'run_started', session_id: sessionId, prompt: textOf(prompt) });
  try {
    for (let turn = 0; turn < TURN_LIMIT; turn += 1) {
      signal.throwIfAborted();
      emit({ type: 'turn_started', turn_number: turn });
      const { said, answer } = await runTurn(options, messages);
      messages.push(...said);
      if (answer.usage) usage = addUsage(usage, answer.usage);
      emit({
        type: 'turn_completed',
        stop_reason: answer.stopReason,
        ...(answer.usage && { usage: answer.usage }),
      });
      if (answer.calls.length > 0) continue;
      const end: RunEnd = { type: 'run_completed', session_id: sessionId, result: answer.text, usage };
      return { messages, usage, end };
    }
  } catch (error) {
    if (signal.aborted) return fail('cancelled', errorText(signal.reason));
    if (error instanceof ModelFailure) return fail('llm', errorText(error.cause), 'llm_failure');
    return fail('internal', errorText(error), 'fatal_failure');
  }
  return fail('max_turns', `The run took more than ${TURN_LIMIT} turns`, 'turn_limit_reached');
}

interface Turn {
  readonly said: readonly LlmMessage[];
  readonly answer: Answer;
}

async function runTurn(options: RunAgentOptions, soFar: readonly LlmMessage[]): Promise<Turn> {
  const { tools, context, clock, emit } = options;
  const answer = await ask(options, soFar);
  const { text, calls } = answer;
  if (text !== '') emit({ type: 'text_complete', content: text });
  const assistant: LlmMessage = {
    role: 'assistant',
    content: text,
    ...(calls.length > 0 && { toolCalls: calls }),
  };
  const results = calls.length > 0 ? await runTools({ calls, tools, context, clock, emit }) : [];
  return { said: [assistant, ...results], answer };
}

async function ask(options: RunAgentOptions, soFar: readonly LlmMessage[]): Promise<Answer> {
  const { model, agent, systemPrompt, history, tools, context, emit } = options;
  try {
    const client = options.client();
    if (!client) throw new MobError('MOB_LLM_FAILED', `No provider supports the model "${model}"`);
    const system: LlmMessage = { role: 'system', content: systemPrompt };
    const request = {
      model,
      messages: [system, ...history, ...soFar],
      tools: [...tools.values()].map(({ name, description, inputSchema }) => ({
        name,
        description,
        inputSchema,
      })),
      agent,
      signal: context.signal,
    };
    return await askModel(client, request, emit);
  } catch (cause) {
    throw new ModelFailure('The model did not answer', { cause });
  }
}

/** Tells what a model could not do from what we could not. */
class ModelFailure extends Error {}
