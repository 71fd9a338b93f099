import { backoffMs, type Clock, delay, type JsonObject, MobError, within } from '@mobkit/core';

import { authenticate, type AuthClient } from './credentials.js';
import { connectionError, credentialsError, storeError } from './errors.js';
import type { BigQueryOptions, ParsedOptions } from './options.js';
import { parseOptions } from './options.js';
import { type Answer, Sender, type SignedRequest } from './sender.js';
import { tableName, type TableName } from './names.js';

/** One call of the REST interface. Whatever is called must be safe to repeat: answers get lost. */
export interface Call {
  /** Completes "BigQuery could not …". */
  readonly doing: string;
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST';
  /** Below the project, e.g. `/queries`; made of checked names. */
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** JSON text, or the parts of an upload. */
  readonly body?: string;
  /** Of an upload, which then goes to where uploads go. */
  readonly uploadType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

type Adapter = NonNullable<Parameters<AuthClient['request']>[0]['adapter']>;

const MAX_ATTEMPTS = 8;
const LONGEST_BACKOFF_MS = 8_000;
const CLOSE_MS = 10_000;

/**
 * Sends requests, repeats what failed for a while, and knows what is under way. The one owner of repeats: the official client's
 * authentication signs each attempt, its own repeats are off. Its `request` is not used, since that copies every row several
 * times and cannot be aborted.
 */
export class BigQueryClient {
  readonly options: ParsedOptions;
  readonly clock: Clock;
  readonly #auth: AuthClient;
  readonly #aborted = new AbortController();
  /** Ends pauses between attempts, not the attempts. */
  readonly #closing = new AbortController();
  readonly #sender = new Sender();
  #inFlight = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  private constructor(options: ParsedOptions, auth: AuthClient, clock: Clock) {
    this.options = options;
    this.#auth = auth;
    this.clock = clock;
  }

  /** Finds the credentials; asks BigQuery nothing. @throws MobError `MOB_CONFIG_INVALID` with `details.field`. */
  static async open(options: BigQueryOptions, clock: Clock): Promise<BigQueryClient> {
    const parsed = parseOptions(options);
    return new BigQueryClient(parsed, await authenticate(parsed, clock), clock);
  }

  /** Calls under way. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Waits before something is asked again; ends early, as unavailable, when the client is closed. */
  async pause(doing: string, pauseMs: number): Promise<void> {
    await delay(this.clock, pauseMs, this.#closing.signal);
    if (this.#closing.signal.aborted) throw storeError({ doing, message: 'the store is being closed' });
  }

  table(name: string): TableName {
    return tableName(this.options.projectId, this.options.dataset, name);
  }

  /**
   * The answer's body.
   *
   * @throws MobError `MOB_STORE_UNAVAILABLE` when it still failed after `timeoutMs` or eight attempts; `MOB_STORE_REFUSED` with
   * `details.status` and `details.server_reason`; TypeError once closed.
   */
  async call(call: Call): Promise<JsonObject> {
    if (this.#closed) throw new TypeError(`store-bigquery is closed: could not ${call.doing}`);
    const running = this.#repeat(call);
    const settled = Promise.allSettled([running]);
    this.#inFlight.add(settled);
    try {
      return await running;
    } finally {
      this.#inFlight.delete(settled);
    }
  }

  /** Takes no more calls, gives those under way ten seconds, and aborts what is left. Safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Ends what is under way at once, as unavailable, and every pause. To be closed all the same. */
  abort(): void {
    this.#closing.abort();
    this.#aborted.abort();
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await within(this.clock, CLOSE_MS, Promise.all(this.#inFlight));
    this.#aborted.abort();
    await Promise.all(this.#inFlight);
    this.#sender.close();
  }

  async #repeat(call: Call): Promise<JsonObject> {
    const { timeoutMs } = this.options;
    const deadline = this.clock.now() + timeoutMs;
    const given = call.signal ? [call.signal] : [];
    const paused = AbortSignal.any([this.#closing.signal, ...given]);
    const aborted = AbortSignal.any([this.#aborted.signal, ...given]);
    for (let failures = 0; ; failures++) {
      const leftMs = deadline - this.clock.now();
      // An aborted request with a body is not refused by what sends it, but ends the process.
      call.signal?.throwIfAborted();
      if (this.#aborted.signal.aborted) {
        throw storeError({ doing: call.doing, message: 'the store is being closed' });
      }
      try {
        return await this.#attempt(call, leftMs, aborted);
      } catch (error) {
        call.signal?.throwIfAborted();
        const pauseMs = backoffMs(failures, LONGEST_BACKOFF_MS);
        const worth = error instanceof MobError && error.retryable && !paused.aborted;
        if (!worth || failures + 1 === MAX_ATTEMPTS || this.clock.now() + pauseMs >= deadline) throw error;
        await delay(this.clock, pauseMs, paused);
        if (paused.aborted) throw error;
      }
    }
  }

  async #attempt(call: Call, timeoutMs: number, aborted: AbortSignal): Promise<JsonObject> {
    const { doing, method, path, parameters = {}, body, uploadType, headers } = call;
    const { endpoint, projectId } = this.options;
    const late = new AbortController();
    const cancel = this.clock.after(timeoutMs, () => late.abort());
    let answer: Answer | undefined;
    // A copy: of a refusal the data are taken out on the way.
    const adapter = async (signed: SignedRequest) => ({ ...(answer = await this.#sender.send(signed)) });
    const ended = AbortSignal.any([late.signal, aborted]);
    try {
      const asked = this.#auth.request<unknown>({
        url: `${uploadType === undefined ? endpoint.baseUrl : endpoint.uploadUrl}/projects/${projectId}${path}`,
        method,
        params: parameters,
        headers: { accept: 'application/json', 'content-type': uploadType ?? 'application/json', ...headers },
        ...(body !== undefined && { data: body }),
        retry: false,
        // A proxy of the environment is another machine, and would be sent the token in the clear.
        ...(endpoint.loopback && { noProxy: [new URL(endpoint.baseUrl).origin] }),
        adapter: adapter as unknown as Adapter,
        signal: ended,
      });
      const { data } = await unlessAborted(ended, asked);
      if (data === '' || data === undefined) return {};
      if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as JsonObject;
      throw storeError({ doing, reason: 'invalidAnswer', message: 'the answer is not a JSON object' });
    } catch (error) {
      if (error instanceof MobError) throw error;
      if (late.signal.aborted)
        throw storeError({ doing, message: `no answer within ${this.options.timeoutMs} ms` });
      throw failureOf(doing, error, answer);
    } finally {
      cancel();
    }
  }
}

/** Whoever gives tokens is asked without the signal, and may take as long as they like. */
function unlessAborted<T>(signal: AbortSignal, asked: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(new Error('aborted', { cause: signal.reason }));
    signal.addEventListener('abort', abort, { once: true });
    void asked.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}

function failureOf(doing: string, error: unknown, answer: Answer | undefined): MobError {
  if (!answer) return credentialsError(doing, error) ?? connectionError(doing, error);
  const { status, data } = answer;
  const said = (
    data as { error?: { message?: unknown; errors?: readonly { reason?: unknown }[] } } | undefined
  )?.error;
  const reason = said?.errors?.[0]?.reason;
  return storeError({
    doing,
    status,
    ...(typeof reason === 'string' && { reason }),
    ...(typeof said?.message === 'string' && { message: said.message }),
  });
}
