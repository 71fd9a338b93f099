import type { LanguageModelV3 } from '@ai-sdk/provider';
import type { Clock, MobError } from '@mobkit/core';
import type { LlmClient, LlmEvent, LlmRequest } from '@mobkit/core/mob';

import { checkHealth } from './check-health.js';
import type { Failures } from './failures.js';
import type { ModelCatalogue } from './model-catalogue.js';
import type { Connection, ServerKind } from './model-server.js';
import { PartReader } from './read-parts.js';
import { toCallOptions } from './to-call-options.js';

export interface AiSdkClientDeps {
  readonly kind: ServerKind;
  /** The error to give in place of an answer, when there is no way to ask. */
  readonly connection: Connection | MobError;
  readonly catalogue: ModelCatalogue;
  readonly failures: Failures;
  readonly clock: Clock;
  readonly inactivityTimeoutMs: number;
}

type MakeModel = (model: string) => LanguageModelV3;

/** Asks the models of one server, once for each request: whether to ask again is for the caller. */
export class AiSdkClient implements LlmClient {
  readonly provider: string;
  readonly #deps: AiSdkClientDeps;
  #loading: Promise<MakeModel> | undefined;

  constructor(provider: string, deps: AiSdkClientDeps) {
    this.provider = provider;
    this.#deps = deps;
  }

  async *stream(request: LlmRequest): AsyncGenerator<LlmEvent, void, undefined> {
    request.signal?.throwIfAborted();
    const call = new AbortController();
    const abort = () => call.abort(request.signal?.reason);
    request.signal?.addEventListener('abort', abort);
    try {
      for await (const part of this.#parts(request, call)) yield* part;
    } catch (error) {
      request.signal?.throwIfAborted();
      throw this.#deps.failures.of(call.signal.aborted ? call.signal.reason : error, request.model);
    } finally {
      request.signal?.removeEventListener('abort', abort);
      // A reader that wants no more of it: the connection ends.
      call.abort();
    }
  }

  async healthCheck(): Promise<void> {
    const { kind, failures, clock } = this.#deps;
    await checkHealth({ kind, connection: this.#connection(), failures, clock });
  }

  async *#parts(request: LlmRequest, call: AbortController): AsyncGenerator<readonly LlmEvent[]> {
    const { catalogue } = this.#deps;
    const connection = this.#connection();
    const id = this.#idOf(request.model);
    const info = catalogue.find(id);
    const make = await (this.#loading ??= this.#deps.kind.load(connection));
    const model = make(id);
    const target = {
      provider: this.provider,
      model: request.model,
      supportedUrls: await model.supportedUrls,
      structuredOutputs: connection.structuredOutputs,
      info: info?.provider === this.provider ? info : undefined,
    };
    const options = toCallOptions(request, target, call.signal);
    const { stream } = await this.#inTime(call, model.doStream(options));
    const parts = stream.getReader();
    const reader = new PartReader(this.provider, request.model);
    for (;;) {
      const { done, value } = await this.#inTime(call, parts.read());
      if (done) return reader.end();
      yield reader.read(value);
    }
  }

  #connection(): Connection {
    const { connection } = this.#deps;
    if (connection instanceof Error) throw connection;
    return connection;
  }

  #idOf(model: string): string {
    const prefix = `${this.provider}/`;
    return model.startsWith(prefix) ? model.slice(prefix.length) : model;
  }

  /** The next piece, if it comes in time. Only the wait for it counts, not what the reader does meanwhile. */
  async #inTime<T>(call: AbortController, piece: PromiseLike<T>): Promise<T> {
    const { clock, inactivityTimeoutMs, failures } = this.#deps;
    const cancel = clock.after(inactivityTimeoutMs, () => {
      const why = `nothing came for ${inactivityTimeoutMs} ms`;
      call.abort(failures.failure('timeout', why, { retryable: true }));
    });
    try {
      return await piece;
    } finally {
      cancel();
    }
  }
}
