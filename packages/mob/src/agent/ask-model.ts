import { MobError } from '@mobkit/core';
import type {
  AgentEventPayload,
  LlmClient,
  LlmRequest,
  LlmToolCall,
  StopReason,
  Usage,
} from '@mobkit/core/mob';

import { abortable } from './abortable.js';

/** What a model said in one turn. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly LlmToolCall[];
  readonly stopReason: StopReason;
  /** Absent when the model did not say. */
  readonly usage?: Usage;
}

/**
 * Streams one answer, telling its pieces as they come. Does not wait for a client that ignores the signal.
 *
 * @throws MobError `MOB_LLM_FAILED` for a stream that ends without `done`; what the client throws; the signal's reason.
 */
export async function askModel(
  client: LlmClient,
  request: LlmRequest & { readonly signal: AbortSignal },
  emit: (payload: AgentEventPayload) => void,
): Promise<Answer> {
  let text = '';
  let usage: Usage | undefined;
  const calls: LlmToolCall[] = [];
  const events = client.stream(request)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value: event } = await abortable(events.next(), request.signal);
      if (done) throw incomplete(client, request);
      switch (event.type) {
        case 'text_delta':
          text += event.delta;
          emit({ type: 'text_delta', delta: event.delta });
          break;
        case 'reasoning_delta':
          emit({ type: 'reasoning_delta', delta: event.delta });
          break;
        case 'tool_call_complete':
          calls.push(event.call);
          break;
        case 'usage_update':
          ({ usage } = event);
          break;
        case 'done':
          return { text, calls, stopReason: event.stopReason, ...(usage && { usage }) };
        // A type of a later version.
        default:
      }
    }
  } finally {
    end(events);
  }
}

function incomplete({ provider }: LlmClient, { model }: LlmRequest): MobError {
  const message = `Incomplete response: ${provider} ended the answer of "${model}" without saying why`;
  return new MobError('MOB_LLM_FAILED', message, { retryable: true, details: { provider, model } });
}

function end(events: AsyncIterator<unknown>): void {
  // Not awaited: it may wait for the network. The answer is over by now, so its failure is nobody's.
  events.return?.().catch(() => {});
}
