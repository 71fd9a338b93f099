import { type Clock, MobError } from '@mobkit/core';
import type {
  AgentEventPayload,
  LlmClient,
  LlmEvent,
  LlmRequest,
  LlmToolCall,
  StopReason,
  Usage,
} from '@mobkit/core/mob';

import { StreamWatch } from './stream-watch.js';

/** What a model said in one turn. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly LlmToolCall[];
  readonly stopReason: StopReason;
  /** Absent when the model did not say. */
  readonly usage?: Usage;
}

/** Characters of one answer, of whatever kind; each event counts for some too. */
export const ANSWER_LIMIT = 16 * 1024 * 1024;
const EVENT_COSTS = 64;

const STOP_REASONS: ReadonlySet<unknown> = new Set<StopReason>([
  'end_turn',
  'tool_use',
  'max_tokens',
  'stop_sequence',
  'content_filter',
  'cancelled',
]);

export interface AskOptions {
  readonly clock: Clock;
  readonly emit: (payload: AgentEventPayload) => void;
}

/**
 * Streams one answer, telling its pieces as they come. Does not wait for a client that ignores the signal.
 *
 * @throws MobError `MOB_LLM_FAILED` for a stream that ends without `done`, falls silent, never ends, or is not what a client
 * may stream; what the client throws; the signal's reason.
 */
export async function askModel(
  client: LlmClient,
  request: LlmRequest & { readonly signal: AbortSignal },
  { clock, emit }: AskOptions,
): Promise<Answer> {
  const events = client.stream(request)[Symbol.asyncIterator]();
  const watch = new StreamWatch(clock, request.signal);
  const read = async () => {
    const answer = new AnswerBuilder(emit);
    for (;;) {
      const { done, value: event } = await events.next();
      watch.heard();
      if (done) throw incomplete(client, request);
      const stopReason = answer.take(event);
      if (stopReason) return answer.build(stopReason);
    }
  };
  try {
    return await watch.over(read());
  } finally {
    watch.end();
    end(events);
  }
}

class AnswerBuilder {
  readonly #emit: AskOptions['emit'];
  readonly #calls: LlmToolCall[] = [];
  #text = '';
  #reasoning = '';
  #usage: Usage | undefined;
  #size = 0;

  constructor(emit: AskOptions['emit']) {
    this.#emit = emit;
  }

  /** Answers the stop reason of the last one. @throws MobError `MOB_LLM_FAILED`. */
  take(event: LlmEvent): StopReason | undefined {
    this.#grow(EVENT_COSTS);
    switch (event?.type) {
      case 'text_delta':
        this.#text += this.#delta(event);
        this.#emit({ type: 'text_delta', delta: event.delta });
        return undefined;
      case 'reasoning_delta':
        this.#reasoning += this.#delta(event);
        this.#emit({ type: 'reasoning_delta', delta: event.delta });
        return undefined;
      case 'server_tool_content': {
        const { type, id, name, content } = event;
        this.#grow(jsonOf(content, 'the content of a tool of the provider').length);
        this.#emit({ type, ...(id !== undefined && { id }), name, content });
        return undefined;
      }
      case 'tool_call_complete':
        this.#call(event.call);
        return undefined;
      case 'usage_update':
        this.#usage = checkUsage(event.usage);
        return undefined;
      case 'done':
        if (!STOP_REASONS.has(event.stopReason)) throw malformed(`it stopped for "${event.stopReason}"`);
        return event.stopReason;
      default:
        throw malformed('it has something in it that is no event of an answer');
    }
  }

  build(stopReason: StopReason): Answer {
    const [text, usage] = [this.#text, this.#usage];
    if (this.#reasoning !== '') this.#emit({ type: 'reasoning_complete', content: this.#reasoning });
    if (text !== '') this.#emit({ type: 'text_complete', content: text });
    return { text, calls: this.#calls, stopReason, ...(usage && { usage }) };
  }

  #delta({ delta }: { readonly delta: unknown }): string {
    if (typeof delta !== 'string') throw malformed('a piece of it is not text');
    this.#grow(delta.length);
    return delta;
  }

  #call(call: LlmToolCall): void {
    if (typeof call?.id !== 'string' || typeof call.name !== 'string') {
      throw malformed('a tool call has no id or no name');
    }
    if (this.#calls.some(({ id }) => id === call.id)) throw malformed(`it has two calls "${call.id}"`);
    this.#grow(jsonOf(call.args, `what it gives to "${call.name}"`).length);
    this.#calls.push(call);
  }

  #grow(by: number): void {
    this.#size += by;
    if (this.#size <= ANSWER_LIMIT) return;
    throw new MobError(
      'MOB_LLM_FAILED',
      `The answer does not end: it was cut at ${ANSWER_LIMIT} characters`,
      {
        details: { kind: 'endless' },
      },
    );
  }
}

function checkUsage(usage: Usage): Usage {
  if (![usage?.input_tokens, usage?.output_tokens].every((tokens) => Number.isSafeInteger(tokens))) {
    throw malformed('its usage is not in numbers of tokens');
  }
  return usage;
}

function jsonOf(value: unknown, what: string): string {
  try {
    const text = JSON.stringify(value);
    if (text !== undefined) return text;
  } catch {
    // Told below.
  }
  throw malformed(`${what} is not JSON`);
}

function malformed(why: string): MobError {
  return new MobError('MOB_LLM_FAILED', `The answer of the model cannot be read: ${why}`, {
    details: { kind: 'malformed' },
  });
}

function incomplete({ provider }: LlmClient, { model }: LlmRequest): MobError {
  const message = `Incomplete response: ${provider} ended the answer of "${model}" without saying why`;
  return new MobError('MOB_LLM_FAILED', message, { retryable: true, details: { provider, model } });
}

function end(events: AsyncIterator<unknown>): void {
  // Not awaited: it may wait for the network. The answer is over by now, so its failure is nobody's.
  events.return?.().catch(() => {});
}
