import { type LlmClient, type LlmEvent, type LlmProvider, type LlmRequest, textOf } from '@mobkit/core/mob';

/** A text to answer with, or the events to stream. */
type ModelAnswer = string | readonly LlmEvent[];

/** A provider of every model that answers as it is told and remembers what it was asked. */
export interface KitModel extends LlmProvider {
  readonly requests: readonly LlmRequest[];
}

export type Answer = (said: string, request: LlmRequest) => ModelAnswer | Promise<ModelAnswer>;

export function kitModel(answer: Answer = (said) => `done: ${said}`): KitModel {
  const requests: LlmRequest[] = [];
  const client: LlmClient = {
    provider: 'kit',
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

/** The events of an answer that calls one tool. */
export function callTool(name: string, args: unknown): readonly LlmEvent[] {
  return [
    { type: 'tool_call_complete', call: { id: `call-${name}`, name, args } },
    { type: 'done', stopReason: 'tool_use' },
  ];
}

/** What was said last, by a user or a tool. */
export function lastText({ messages }: LlmRequest): string {
  return textOf(messages.at(-1)?.content ?? '');
}

/** Something to wait for until a test opens it. */
export class Gate {
  readonly passed: Promise<void>;
  /** Resolves when somebody waits at the gate. */
  readonly reached: Promise<void>;
  #open = () => {};
  #arrive = () => {};

  constructor() {
    this.passed = new Promise((resolve) => (this.#open = resolve));
    this.reached = new Promise((resolve) => (this.#arrive = resolve));
  }

  wait(): Promise<void> {
    this.#arrive();
    return this.passed;
  }

  open(): void {
    this.#open();
  }
}
