import {
  type LlmClient,
  type LlmEvent,
  type LlmMessage,
  type LlmProvider,
  type LlmRequest,
  textOf,
} from '@mobkit/core/mob';

/** What a fake model does with a request: a text to answer with, or the events to stream. */
export type FakeAnswer = string | readonly LlmEvent[];

export interface FakeModel extends LlmProvider {
  readonly client: LlmClient;
  /** Every request, in the order they came. */
  readonly requests: readonly LlmRequest[];
}

/** A provider of every model that answers as it is told. */
export function fakeModel(
  answer: (said: string, request: LlmRequest) => FakeAnswer | Promise<FakeAnswer> = (said) => `done: ${said}`,
): FakeModel {
  const requests: LlmRequest[] = [];
  const client: LlmClient = {
    provider: 'fake',
    async *stream(request) {
      requests.push(request);
      const given = await answer(lastText(request), request);
      if (typeof given !== 'string') return yield* given;
      yield { type: 'text_delta', delta: given };
      yield { type: 'done', stopReason: 'end_turn' };
    },
    healthCheck: async () => {},
  };
  return { client, supports: () => true, requests };
}

/** The events of a turn that calls tools. */
export function toolCalls(
  ...calls: readonly (readonly [name: string, args: unknown])[]
): readonly LlmEvent[] {
  const events = calls.map(([name, args], at): LlmEvent => {
    return { type: 'tool_call_complete', call: { id: `call-${at}`, name, args } };
  });
  return [...events, { type: 'done', stopReason: 'tool_use' }];
}

/** What was said last, by a user or a tool. */
export function lastText({ messages }: LlmRequest): string {
  return textOf(messages.at(-1)?.content ?? '');
}

/** Whether the model was given results of tools in this turn. */
export function hasResults({ messages }: LlmRequest): boolean {
  return messages.at(-1)?.role === 'tool';
}

export function userTexts(messages: readonly LlmMessage[]): readonly string[] {
  return messages.flatMap(({ role, content }) => (role === 'user' ? [textOf(content)] : []));
}
