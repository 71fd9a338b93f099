import { type Clock, MobError } from '@mobkit/core';
import type {
  AgentEventPayload,
  AgentTool,
  LlmToolCall,
  ToolAccess,
  ToolContext,
  ToolVerdict,
} from '@mobkit/core/mob';

import type { HookRunner } from './hook-runner.js';
import type { ToolMessage } from './parked-turn.js';
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
  /** Results that are known already, each in the place of its call. @defaultValue none */
  readonly done?: readonly (ToolMessage | null)[] | undefined;
  /** Absent: every call may be made. */
  readonly gate?: CallGate | undefined;
}

/** Which calls wait, and what becomes of those. */
interface CallGate {
  isGated(tool: string): boolean;
  /** Given what the others came to; answers for every call that has no result, by its place. */
  decide(results: readonly (ToolMessage | null)[]): Promise<ReadonlyMap<number, ToolVerdict>>;
}

interface Outcome {
  readonly content: string;
  readonly isError: boolean;
}

const TIMEOUT_MS = 60_000;

/** Of one result, in characters: it is kept with the conversation, and sent with all that follows. */
const LARGEST_RESULT = 1_048_576;

/**
 * Runs the calls of one turn side by side and answers in their order; those that wait for somebody when the others have ended
 * and all of them are decided. What goes wrong with one is its result.
 *
 * @throws the signal's reason when that is aborted, without waiting for tools that ignore it; what the gate throws.
 */
export async function runTools(options: RunToolsOptions): Promise<ToolMessage[]> {
  const { calls, context, emit, done, gate } = options;
  if (!done) for (const { id, name, args } of calls) emit({ type: 'tool_call_requested', id, name, args });
  const results = calls.map((_, at) => done?.[at] ?? null);
  const runAll = async (
    which: (call: LlmToolCall, at: number) => boolean,
    whyNot: (at: number) => string | undefined = () => undefined,
  ) => {
    const running = calls.map(async (call, at) => {
      if (results[at] === null && which(call, at)) results[at] = await runTold(options, call, whyNot(at));
    });
    await abortable(Promise.all(running), context.signal);
  };
  await runAll((call) => !gate?.isGated(call.name) || problemOf(options, call) !== undefined);
  if (gate && results.includes(null)) {
    const verdicts = await gate.decide([...results]);
    await runAll(
      () => true,
      (at) => denialOf(verdicts.get(at)),
    );
  }
  const messages = results.filter((result) => result !== null);
  for (const { toolCallId: id, name, content, isError } of messages) {
    emit({ type: 'tool_result_received', id, name, content, is_error: isError });
  }
  return messages;
}

/** Runs one, unless it was denied, and tells how that went. */
async function runTold(
  options: RunToolsOptions,
  call: LlmToolCall,
  denial: string | undefined,
): Promise<ToolMessage> {
  const { context, clock, emit } = options;
  const { id, name } = call;
  emit({ type: 'tool_execution_started', id, name });
  const startedMs = clock.now();
  const { content, isError } = denial === undefined ? await runCall(options, call) : failed(denial);
  context.signal.throwIfAborted();
  const durationMs = Math.max(clock.now() - startedMs, 0);
  emit({ type: 'tool_execution_completed', id, name, is_error: isError, duration_ms: durationMs });
  return { role: 'tool', toolCallId: id, name, content, isError };
}

function denialOf(verdict: ToolVerdict | undefined): string | undefined {
  if (verdict?.allowed) return undefined;
  return codedErrorText(new MobError('MOB_GATE_DENIED', verdict?.reason ?? 'Nobody allowed it'));
}

/** Why it cannot be made at all. */
function problemOf(
  { tools, access, context }: RunToolsOptions,
  { name, args }: LlmToolCall,
): string | undefined {
  const tool = tools.get(name);
  if (!tool) return `There is no tool "${name}"`;
  if (!mayRun(access, name)) return `You may not use "${name}"`;
  return refusal(tool, args, context) ?? argumentProblem(tool, args);
}

async function runCall(options: RunToolsOptions, call: LlmToolCall): Promise<Outcome> {
  const { tools, hooks } = options;
  const tool = tools.get(call.name);
  const problem = problemOf(options, call);
  if (!tool || problem !== undefined) return failed(problem ?? '');
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
