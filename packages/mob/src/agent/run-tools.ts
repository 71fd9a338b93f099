import type { Clock } from '@mobkit/core';
import type { AgentEventPayload, AgentTool, LlmMessage, LlmToolCall, ToolContext } from '@mobkit/core/mob';

import { codedErrorText } from './coded-error-text.js';
import { abortable } from './abortable.js';

export interface RunToolsOptions {
  readonly calls: readonly LlmToolCall[];
  readonly tools: ReadonlyMap<string, AgentTool>;
  readonly context: ToolContext;
  readonly clock: Clock;
  readonly emit: (payload: AgentEventPayload) => void;
}

type ToolMessage = Extract<LlmMessage, { role: 'tool' }>;

/**
 * Runs the calls of one turn side by side and answers in their order. What goes wrong with one is its result.
 *
 * @throws the signal's reason when that is aborted, without waiting for tools that ignore it.
 */
export async function runTools({
  calls,
  tools,
  context,
  clock,
  emit,
}: RunToolsOptions): Promise<ToolMessage[]> {
  for (const { id, name, args } of calls) emit({ type: 'tool_call_requested', id, name, args });
  const results = calls.map(async (call): Promise<ToolMessage> => {
    const { id, name } = call;
    emit({ type: 'tool_execution_started', id, name });
    const startedMs = clock.now();
    const { content, isError } = await runTool(tools.get(name), call, context);
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

async function runTool(tool: AgentTool | undefined, { name, args }: LlmToolCall, context: ToolContext) {
  if (!tool) return { content: `There is no tool "${name}"`, isError: true };
  try {
    return { content: await tool.run(args, context), isError: false };
  } catch (error) {
    return { content: codedErrorText(error), isError: true };
  }
}
