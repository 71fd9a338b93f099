import { backoffMs, type Clock, delay, type JsonObject, MobError, within } from '@mobkit/core';

import { authenticate, type AuthClient } from './credentials.js';
import { connectionError, credentialsError, storeError } from './errors.js';
import type { BigQueryOptions, ParsedOptions } from './options.js';
import { parseOptions } from './options.js';
import { findProxy } from './proxy.js';
import { SpareRoom } from './row-bytes.js';
import { type Answer, type Request, Sender } from './sender.js';
import { tableName, type TableName } from './names.js';

/** One call of the REST interface. Whatever is called must be safe to repeat: answers get lost. */
export interface Call {
  /** Completes "BigQuery could not …". */
  readonly doing: string;
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST';
  /** Below the project, e.g. `/queries`; made of checked names. */
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** JSON text, or the parts of an upload; in pieces when it was made as bytes. */
  readonly body?: string | readonly Uint8Array[];
  /** Of an upload, which then goes to where uploads go. */
  readonly uploadType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const MAX_ATTEMPTS = 8;
const LONGEST_BACKOFF_MS = 8_000;
const CLOSE_MS = 10_000;

/**
 * Sends requests, repeats what failed for a while, and knows what is under way. The one owner of repeats: the official client's
 * authentication signs each attempt, and sends none: that costs more than all else of a request, cannot be aborted, and repeats by rules of its own.
 */
export class BigQueryClient {
  readonly options: ParsedOptions;
  readonly clock: Clock;
  /** For bodies that are made as bytes. */
  readonly spareRoom = new SpareRoom();
  readonly #auth: AuthClient;
  readonly #sender: Sender;
  #aborted = false;
  /** What ends the attempts under way. */
  readonly #attempts = new Set<AbortController>();
  /** Ends pauses between attempts, not the attempts. */
  readonly #closing = new AbortController();
  #inFlight = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  private constructor(options: ParsedOptions, auth: AuthClient, sender: Sender, clock: Clock) {
    this.options = options;
    this.#auth = auth;
    this.#sender = sender;
    this.clock = clock;
  }

  /** Finds the credentials; asks BigQuery nothing. @throws MobError `MOB_CONFIG_INVALID` with `details.field`. */
  static async open(options: BigQueryOptions, clock: Clock): Promise<BigQueryClient> {
    const parsed = parseOptions(options);
    const auth = await authenticate(parsed, clock);
    const sender = new Sender(parsed.endpoint, await findProxy(parsed.endpoint));
    return new BigQueryClient(parsed, auth, sender, clock);
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
    this.#aborted = true;
    for (const attempt of this.#attempts) attempt.abort();
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await within(this.clock, CLOSE_MS, Promise.all(this.#inFlight));
    this.abort();
    await Promise.all(this.#inFlight);
    this.#sender.close();
  }

  async #repeat(call: Call): Promise<JsonObject> {
    const { doing, signal } = call;
    const deadline = this.clock.now() + this.options.timeoutMs;
    for (let failures = 0; ; failures++) {
      signal?.throwIfAborted();
      if (this.#aborted) throw storeError({ doing, message: 'the store is being closed' });
      try {
        return await this.#attempt(call, deadline - this.clock.now());
      } catch (error) {
        signal?.throwIfAborted();
        const pauseMs = backoffMs(failures, LONGEST_BACKOFF_MS);
        const worth = error instanceof MobError && error.retryable && !this.#closing.signal.aborted;
        if (!worth || failures + 1 === MAX_ATTEMPTS || this.clock.now() + pauseMs >= deadline) throw error;
        const paused = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]);
        await delay(this.clock, pauseMs, paused);
        if (paused.aborted) throw error;
      }
    }
  }

  async #attempt(call: Call, timeoutMs: number): Promise<JsonObject> {
    const { doing, signal } = call;
    const attempt = new AbortController();
    const end = () => attempt.abort();
    let late = false;
    const cancel = this.clock.after(timeoutMs, () => {
      late = true;
      end();
    });
    this.#attempts.add(attempt);
    signal?.addEventListener('abort', end);
    try {
      const headers = await unlessAborted(attempt.signal, this.#signed(doing));
      const answer = await this.#sender.send(this.#request(call, headers), attempt.signal);
      return bodyOf(doing, answer);
    } catch (error) {
      if (error instanceof MobError) throw error;
      if (late) throw storeError({ doing, message: `no answer within ${this.options.timeoutMs} ms` });
      throw connectionError(doing, error);
    } finally {
      cancel();
      this.#attempts.delete(attempt);
      signal?.removeEventListener('abort', end);
    }
  }

  async #signed(doing: string): Promise<Headers> {
    try {
      return await this.#auth.getRequestHeaders();
    } catch (error) {
      throw credentialsError(doing, error) ?? connectionError(doing, error);
    }
  }

  #request({ method, path, parameters, body, uploadType, headers }: Call, signed: Headers): Request {
    const { endpoint, projectId } = this.options;
    const asked = parameters ? `?${new URLSearchParams(parameters).toString()}` : '';
    return {
      method,
      path: `${uploadType === undefined ? endpoint.path : endpoint.uploadPath}/projects/${projectId}${path}${asked}`,
      headers: {
        accept: 'application/json',
        'user-agent': 'mobkit-store-bigquery',
        'content-type': uploadType ?? 'application/json',
        ...headers,
        ...Object.fromEntries(signed),
      },
      ...(body !== undefined && { body }),
    };
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

/** @throws MobError for an answer that is a refusal, or no JSON object. */
function bodyOf(doing: string, { status, data }: Answer): JsonObject {
  if (status < 200 || status > 299) throw refusal(doing, status, data);
  if (data === '') return {};
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as JsonObject;
  throw storeError({ doing, reason: 'invalidAnswer', message: 'the answer is not a JSON object' });
}

function refusal(doing: string, status: number, data: unknown): MobError {
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
