import {
  APICallError,
  InvalidArgumentError,
  InvalidPromptError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { type Clock, errorText, isMobError, MobError } from '@mobkit/core';

import { type FailureKind, type FailureSigns, judgeFailure } from './failure-kind.js';
import { retryAfterMs } from './retry-after.js';

/** Of what somebody else wrote into an error. */
const LONGEST_MESSAGE = 500;

/** What an error is made of that a server answered with. */
export interface Refusal extends FailureSigns {
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/**
 * Makes the errors of one provider. None has the SDK's error as its cause: that holds the whole request, prompt included,
 * and what the server answered, which may repeat the key.
 */
export class Failures {
  readonly #provider: string;
  readonly #secrets: readonly string[];
  readonly #clock: Clock;

  constructor(provider: string, secrets: readonly string[], clock: Clock) {
    this.#provider = provider;
    this.#secrets = secrets.filter((secret) => secret !== '');
    this.#clock = clock;
  }

  /** Whatever was thrown while a model was asked. */
  of(error: unknown, model?: string): MobError {
    const about = model === undefined ? {} : { model };
    const ours = causesOf(error).find((cause) => isMobError(cause));
    if (ours) return ours;
    if (isRefusedRequest(error)) return this.failure('invalid_request', errorText(error), about);
    const [code] = networkCodes(error);
    if (code !== undefined) {
      const kind = /TIMEOUT|ETIMEDOUT/.test(code) ? 'timeout' : 'network';
      return this.failure(kind, `${errorText(error)} (${code})`, { ...about, retryable: true });
    }
    if (APICallError.isInstance(error)) return this.refusal(refusalOf(error), about);
    return this.refusal(streamRefusalOf(error), about);
  }

  /** What a server answered in place of an answer. */
  refusal(refusal: Refusal, about: { readonly model?: string }): MobError {
    const { kind, retryable } = judgeFailure(refusal);
    const afterMs = retryable ? retryAfterMs(refusal.header, refusal.body, this.#clock.now()) : undefined;
    return this.failure(kind, refusal.message, {
      ...about,
      retryable,
      details: {
        ...(refusal.status !== undefined && { status: refusal.status }),
        ...(afterMs !== undefined && { retryAfterMs: afterMs }),
      },
    });
  }

  failure(
    kind: FailureKind,
    why: string,
    {
      model,
      retryable = false,
      details = {},
    }: {
      readonly model?: string;
      readonly retryable?: boolean;
      readonly details?: Readonly<Record<string, unknown>>;
    } = {},
  ): MobError {
    const what = model === undefined ? 'would not answer' : `did not answer with "${model}"`;
    return new MobError('MOB_LLM_FAILED', `${this.#provider} ${what}: ${this.#told(why)}`, {
      retryable,
      details: { kind, provider: this.#provider, ...(model !== undefined && { model }), ...details },
    });
  }

  #told(text: string): string {
    const safe = this.#secrets.reduce((left, secret) => left.replaceAll(secret, '[key]'), text).trim();
    if (safe === '') return 'it did not say why';
    return safe.length > LONGEST_MESSAGE ? `${safe.slice(0, LONGEST_MESSAGE)}…` : safe;
  }
}

function isRefusedRequest(error: unknown): boolean {
  const kinds = [UnsupportedFunctionalityError, InvalidPromptError, InvalidArgumentError];
  return kinds.some((kind) => kind.isInstance(error));
}

function refusalOf({
  statusCode: status,
  message,
  responseHeaders,
  responseBody = '',
}: APICallError): Refusal {
  return {
    status,
    message,
    words: wordsIn(parsed(responseBody)),
    body: responseBody,
    header: (name) => responseHeaders?.[name],
  };
}

/** A provider that began to answer says what went wrong as plain data, each in its own form. */
function streamRefusalOf(error: unknown): Refusal {
  const { message, statusCode, code } = isRecord(error) ? error : {};
  const status = [statusCode, code].find((value) => typeof value === 'number');
  const said = error instanceof Error ? errorText(error) : message;
  return {
    status,
    message: typeof said === 'string' ? said : JSON.stringify(error),
    words: error instanceof Error ? [] : wordsIn(error),
    body: '',
    header: () => undefined,
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The exact word first: a `type` says less than a `code`. */
function wordsIn(data: unknown): readonly string[] {
  if (!isRecord(data)) return [];
  const { code, type, status, name } = data;
  const own = [code, type, status, name].filter((word) => typeof word === 'string');
  return [...own, ...wordsIn(data['error'])];
}

/** The codes of the connection's own errors. */
function networkCodes(error: unknown): readonly string[] {
  return causesOf(error).flatMap((cause) => {
    const { code } = cause as NodeJS.ErrnoException;
    return typeof code === 'string' && /^(?:E[A-Z]+|UND_ERR_\w+)$/.test(code) ? [code] : [];
  });
}

/** An error and what is underneath, outermost first. */
function causesOf(error: unknown, depth = 0): readonly Error[] {
  return error instanceof Error && depth < 8 ? [error, ...causesOf(error.cause, depth + 1)] : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
