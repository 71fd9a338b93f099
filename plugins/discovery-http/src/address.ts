import { errorText, isMobError, MobError } from '@mobkit/core';

import type { ParsedOptions } from './options.js';
import { readBody } from './read-body.js';

const MOST_REDIRECTS = 5;

/** Whose answer may be another the next time although it was asked for properly. */
const PASSING_STATUSES = [408, 425, 429];

/** One address, and the last answer of it that has a tag. */
export class Address {
  readonly #options: ParsedOptions;
  readonly #closed: AbortSignal;
  #tagged: { readonly tag: string; readonly text: string } | undefined;

  constructor(options: ParsedOptions, closed: AbortSignal) {
    this.#options = options;
    this.#closed = closed;
  }

  /** The body of the answer. @throws MobError `MOB_DISCOVERY_UNAVAILABLE`; the reason of `signal`. */
  async get(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const { clock, timeoutMs, shown } = this.#options;
    const late = new AbortController();
    const cancel = clock.after(timeoutMs, () => late.abort());
    try {
      return await this.#ask(AbortSignal.any([signal, this.#closed, late.signal]));
    } catch (cause) {
      signal.throwIfAborted();
      this.#closed.throwIfAborted();
      if (isMobError(cause)) throw cause;
      if (late.signal.aborted)
        throw unavailable(shown, `no whole answer within ${timeoutMs} ms`, { retryable: true });
      throw unavailable(shown, reasonOf(cause), { cause, retryable: true });
    } finally {
      cancel();
    }
  }

  async #ask(signal: AbortSignal): Promise<string> {
    const { maxBytes, shown } = this.#options;
    const tagged = this.#tagged;
    const response = await this.#follow(signal, tagged?.tag);
    if (response.status === 304 && tagged) {
      await response.body?.cancel();
      return tagged.text;
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      throw refusal(shown, response.status);
    }
    const body = await readBody(response, maxBytes);
    if (body === undefined) throw unavailable(shown, `the answer is larger than ${maxBytes} bytes`);
    const tag = response.headers.get('etag');
    this.#tagged = tag === null ? undefined : { tag, text: body };
    return body;
  }

  /** Follows redirects within the origin only: elsewhere the secrets in the headers are nobody's business. */
  async #follow(signal: AbortSignal, tag: string | undefined): Promise<Response> {
    const { token, headers, shown } = this.#options;
    let { url } = this.#options;
    const sent = new Headers(headers);
    if (tag !== undefined) sent.set('if-none-match', tag);
    if (token) sent.set('authorization', bearer(token(), shown));
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const response = await fetch(url.href, { headers: sent, redirect: 'manual', signal });
      const location = response.headers.get('location');
      if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
      await response.body?.cancel();
      if (!URL.canParse(location, url.href)) throw unavailable(shown, 'it redirects to what is no address');
      const next = new URL(location, url);
      if (next.origin !== url.origin) {
        throw unavailable(shown, `it redirects to ${next.origin}: give the address there`);
      }
      url = next;
    }
    throw unavailable(shown, `it redirects more than ${MOST_REDIRECTS} times`);
  }
}

function bearer(token: string, shown: string): string {
  const value = `Bearer ${token}`;
  if (token !== '' && /^[\x21-\x7E]+$/.test(token)) return value;
  throw unavailable(shown, 'the token is empty, or has signs that cannot be sent');
}

function refusal(shown: string, status: number): MobError {
  const why =
    status === 401 || status === 403
      ? `it answered ${status}: look at the token, or the headers`
      : `it answered ${status}`;
  const retryable = status >= 500 || PASSING_STATUSES.includes(status);
  return unavailable(shown, why, { retryable, status });
}

interface Circumstances {
  readonly cause?: unknown;
  readonly retryable?: boolean;
  readonly status?: number;
}

function unavailable(
  url: string,
  why: string,
  { cause, retryable = false, status }: Circumstances = {},
): MobError {
  return new MobError('MOB_DISCOVERY_UNAVAILABLE', `Could not ask ${url} who should exist: ${why}`, {
    retryable,
    details: { url, ...(status !== undefined && { status }) },
    ...(cause !== undefined && { cause }),
  });
}

/** `fetch` says of everything that it failed; why stands underneath. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  const text = errorText(inner);
  return text === '' && inner instanceof Error && 'code' in inner ? String(inner.code) : text;
}
