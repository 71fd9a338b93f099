import { type Clock, delay, systemClock } from '@mobkit/core';
import type { LlmClient, LlmEvent, LlmProvider, LlmRequest } from '@mobkit/core/mob';

import { providerOf } from './provider-of.js';

/** What a test client answers. */
export interface TestClientOptions {
  /** What it answers. @defaultValue `ok` */
  readonly text?: string;
}

/** Answers every request with the same text and ends the turn, without saying what it used. */
export class TestClient implements LlmClient {
  readonly provider = 'test';
  readonly #text: string;

  constructor({ text = 'ok' }: TestClientOptions = {}) {
    this.#text = text;
  }

  async *stream({ signal }: LlmRequest): AsyncGenerator<LlmEvent, void, undefined> {
    signal?.throwIfAborted();
    yield { type: 'text_delta', delta: this.#text };
    signal?.throwIfAborted();
    yield { type: 'done', stopReason: 'end_turn' };
  }

  async healthCheck(): Promise<void> {}
}

/** What a slow test client answers, and after how long. */
export interface DelayedTestClientOptions extends TestClientOptions {
  /** How long it waits before it answers, in milliseconds. */
  readonly delayMs: number;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
}

/** A `TestClient` that waits before each answer. Aborting the request ends the wait. */
export class DelayedTestClient implements LlmClient {
  readonly provider = 'test';
  readonly #answer: TestClient;
  readonly #delayMs: number;
  readonly #clock: Clock;

  constructor({ delayMs, clock = systemClock, ...options }: DelayedTestClientOptions) {
    this.#answer = new TestClient(options);
    this.#delayMs = delayMs;
    this.#clock = clock;
  }

  async *stream(request: LlmRequest): AsyncGenerator<LlmEvent, void, undefined> {
    await delay(this.#clock, this.#delayMs, request.signal);
    yield* this.#answer.stream(request);
  }

  async healthCheck(): Promise<void> {}
}

/** A test client under every model name: a `DelayedTestClient` when `delayMs` is given, else a `TestClient`. */
export function testProvider(
  options: TestClientOptions & Partial<DelayedTestClientOptions> = {},
): LlmProvider {
  const { delayMs, ...rest } = options;
  return providerOf(
    delayMs === undefined ? new TestClient(rest) : new DelayedTestClient({ ...rest, delayMs }),
  );
}
