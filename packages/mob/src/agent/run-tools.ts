import type { Clock } from '@mobkit/core';
import type {
  AgentEventPayload,
  AgentTool,
  LlmMessage,
  LlmToolCall,
  ToolAccess,
  ToolContext,
} from '@mobkit/core/mob';

import type { HookRunner } from './hook-runner.js';
import { abortable } from './abortable.js';
import { codedErrorText } from './coded-error-text.js';
import { argumentProblem } from './tool-arguments.js';
import { mayRun } from './tool-gate.js';

export interface RunToolsOptions {
  readonly calls: readonly LlmToolCall[];
  readonly tools: ReadonlyMap<string, AgentTool>;
  readonly access: ToolAccess;
  readonly hooks: HookRunner | undefined;
  readonly context: ToolContext;
  readonly clock: Clock;
  readonly emit: (payload: AgentEventPayload) => void;
}

type ToolMessage = Extract<LlmMessage, { role: 'tool' }>;

interface Outcome {
  readonly content: string;
  readonly isError: boolean;
}

const TIMEOUT_MS = 60_000;

/** Of one result, in characters: it is kept with the conversation, and sent with all that follows. */
const LARGEST_RESULT = 1_048_576;

/**
 * Runs the calls of one turn side by side and answers in their order. What goes wrong with one is its result.
 *
 * @throws the signal's reason when that is aborted, without waiting for tools that ignore it.
 */
export async function runTools(options: RunToolsOptions): Promise<ToolMessage[]> {
  const { calls, context, clock, emit } = options;
  for (const { id, name, args } of calls) emit({ type: 'tool_call_requested', id, name, args });
  const results = calls.map(async (call): Promise<ToolMessage> => {
    const { id, name } = call;
    emit({ type: 'tool_execution_started', id, name });
    const startedMs = clock.now();
    const { content, isError } = await runCall(options, call);
    context.signal.throwIfAborted();
    const durationMs = Math.max(clock.now() - startedMs, 0);
    emit({ type: 'tool_execution_completed', id, name, is_error: isError, duration_ms: durationMs });
    return { role: 'tool', toolCallId: id, name, content, isError };
  });
  const messages = await abortable(Promise.all(results), context.signal);
  for (const { toolCallId: id, name, content, isError } of messages) {
    emit({ type: 'tool_result_received', id, name, content, is_error: isError });
  }
  return messages;
}

async function runCall(options: RunToolsOptions, call: LlmToolCall): Promise<Outcome> {
  const { tools, access, hooks } = options;
  const tool = tools.get(call.name);
  if (!tool) return failed(`There is no tool "${call.name}"`);
  if (!mayRun(access, call.name)) return failed(`You may not use "${call.name}"`);
  const problem = refusal(tool, call.args, options.context) ?? argumentProblem(tool, call.args);
  if (problem !== undefined) return failed(problem);
  if (!hooks) return runInTime(tool, options, call);
  const { id, name, args } = call;
  const before = await hooks.run('pre_tool_execution', () => ({ id, name, args }));
  if (before) return failed(before.message);
  const outcome = await runInTime(tool, options, call);
  const after = await hooks.run('post_tool_execution', () => {
    return { id, name, content: outcome.content, is_error: outcome.isError };
  });
  return after ? failed(after.message) : outcome;
}

function refusal(tool: AgentTool, args: unknown, context: ToolContext): string | undefined {
  try {
    tool.admit?.(args, context);
    return undefined;
  } catch (error) {
    return codedErrorText(error);
  }
}

/** Ends the tool's own signal when the time is up, and does not wait for one that ignores it. */
function runInTime(
  tool: AgentTool,
  { context, clock, emit }: RunToolsOptions,
  { id, name, args }: LlmToolCall,
): Promise<Outcome> {
  const { timeoutMs = TIMEOUT_MS } = tool;
  const own = new AbortController();
  const stop = () => own.abort(context.signal.reason);
  context.signal.addEventListener('abort', stop);
  return new Promise((resolve) => {
    const end = (outcome: Outcome) => {
      cancelTimer();
      context.signal.removeEventListener('abort', stop);
      resolve(outcome);
    };
    const cancelTimer = clock.after(timeoutMs, () => {
      const why = `"${name}" took longer than ${timeoutMs} ms; whether it did something is not known`;
      if (!context.signal.aborted)
        emit({ type: 'tool_execution_timed_out', id, name, timeout_ms: timeoutMs });
      end(failed(why));
      own.abort(new Error(why));
    });
    void run(tool, args, { ...context, signal: own.signal }).then(end);
  });
}

async function run(tool: AgentTool, args: unknown, context: ToolContext): Promise<Outcome> {
  try {
    const content: unknown = await tool.run(args, context);
    if (typeof content === 'string') return { content: cut(content), isError: false };
    return failed(`"${tool.name}" did not answer with text`);
  } catch (error) {
    return failed(codedErrorText(error));
  }
}

function failed(content: string): Outcome {
  return { content: cut(content), isError: true };
}

function cut(text: string): string {
  if (text.length <= LARGEST_RESULT) return text;
  // Not in the middle of a character.
  const kept = text.slice(0, LARGEST_RESULT).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept}\n[${text.length - kept.length} more characters are left out]`;
}
